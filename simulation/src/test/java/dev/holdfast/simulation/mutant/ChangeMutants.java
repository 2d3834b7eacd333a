package dev.holdfast.simulation.mutant;

import java.util.List;

/// Mistakes of consumers of changes and of those who keep the log for them; they stand in the same
/// table as [EngineMutants].
final class ChangeMutants {
    /// A consumer dies again and again beside writers and collectors.
    static final String CHANGES = "simulation.matrix.ChangesHistory";

    private static final String WALK = "engine.change.LogWalk";

    private ChangeMutants() {}

    private static Mutant of(String id, String mistake) {
        return Mutant.of("planted", id, mistake);
    }

    /// All of them.
    static List<Mutant> all() {
        return List.of(
                of(
                                "position-behind-the-object",
                                "The place behind any commit of a log object is the next object.")
                        .replacing(
                                WALK,
                                "long nextId = i == commits.size() - 1 ? id + 1 : id;",
                                "long nextId = id + 1;")
                        .foundIn(CHANGES, 0),
                of(
                                "commit-told-twice",
                                "Who goes on inside of a log object is told of the commit before it"
                                        + " again.")
                        .replacing(WALK, "if (commit.seq() == told) continue;", "")
                        .foundIn(CHANGES, 0),
                of(
                                "log-of-a-consumer-collected",
                                "A collector keeps the log of a consumer only as far as the"
                                        + " checkpoint's manifest names it.")
                        .replacing(
                                "engine.gc.References",
                                "if (consumer != null) ranges.add(new LogRange(consumer.walId(),"
                                        + " Long.MAX_VALUE));",
                                "")
                        .foundIn(CHANGES, 0),
                of(
                                "collected-object-passed-over",
                                "A log object that was collected is passed over.")
                        .replacing(
                                WALK,
                                "if (isCovered) throw collected();",
                                "if (isCovered) { at = new Position(at.walId() + 1, at.seq());"
                                        + " return null; }")
                        .foundIn(CHANGES, 0),
                of("read-counts-as-taken", "What was read of the log counts as acknowledged.")
                        .replacing(
                                "engine.change.OpenChanges",
                                "pending.addAll(more);",
                                "pending.addAll(more); if (registration != null)"
                                        + " registration.moveTo(walk.at());")
                        .foundIn(CHANGES, 0));
    }
}
