package dev.holdfast.simulation.mutant;

import java.util.List;
import java.util.stream.Stream;

/// Mistakes planted into checkpoints, clones, unions, detachments and drops; they stand in the same
/// table as [EngineMutants].
final class CloneMutants {
    /// Databases are made of others and dropped by machines that die.
    static final String CLONES = "simulation.copy.CloneHistory";

    private static final String DROPPER = "engine.copy.Dropper";
    private static final String EDITS = "engine.copy.CloneEdits";

    private CloneMutants() {}

    /// All of them.
    static List<Mutant> all() {
        return Stream.concat(ofClones().stream(), ofDrops().stream()).toList();
    }

    private static List<Mutant> ofClones() {
        return List.of(
                of("clone-held-for-a-while-only", "What a clone needs is kept for ten minutes.")
                        .replacing(
                                "engine.copy.CloneMaker",
                                "new Checkpoint(id, 0, 0, place.nowSeconds(),",
                                "new Checkpoint(id, 0, place.nowSeconds() + 600,"
                                        + " place.nowSeconds(),")
                        .foundIn(CLONES, 6),
                of(
                                "checkpoint-without-the-log",
                                "A checkpoint keeps the log as far as the last table tells.")
                        .replacing(
                                "engine.copy.CheckpointEdits",
                                "Math.max(latest.walIdLastSeen(), logSeen.position());",
                                "Math.min(latest.walIdLastSeen(), logSeen.position());")
                        .foundIn(CLONES, 0),
                of("parents-of-the-parent-forgotten", "A clone of a clone knows its parent alone.")
                        .replacing(
                                "engine.copy.Origin",
                                "if (there.isEmpty()) continue;",
                                "if (!there.isEmpty()) continue;")
                        .foundIn(CLONES, 4),
                of(
                                "part-shows-the-whole-table",
                                "A clone of some keys shows what else its tables hold.")
                        .replacing(
                                "engine.copy.Projection",
                                "if (isInside(view, range)) return view;",
                                "if (!isOutside(view, range)) return view;")
                        .foundIn(CLONES, 0),
                of("log-of-a-part-left-out", "A clone of some keys has no rows of the log.")
                        .replacing(
                                "engine.copy.Contents",
                                "List<SstView> tables ="
                                        + " new ArrayList<>(part.log.newestFirst(segment));",
                                "List<SstView> tables = new ArrayList<>();")
                        .foundIn(CLONES, 0));
    }

    private static List<Mutant> ofDrops() {
        return List.of(
                of("drop-leaves-its-holds", "Others keep what a dropped clone needed.")
                        .replacing(DROPPER, "Parents.release(each, Duration.ZERO, place);", ";")
                        .foundIn(CLONES, 0),
                of("manifests-go-first", "A drop removes the manifests before the rest.")
                        .replacing(
                                DROPPER,
                                "return sweepFolder(TablePaths.of(path).prefix()) &&",
                                "return sweepManifests() &&"
                                        + " sweepFolder(TablePaths.of(path).prefix()) &&")
                        .foundIn(CLONES, 14),
                of("dropped-under-a-clone", "A drop minds checkpoints alone that end.")
                        .replacing(
                                EDITS,
                                "if (each.expireSeconds() == 0 || nowSeconds <"
                                        + " each.expireSeconds())",
                                "if (each.expireSeconds() != 0 && nowSeconds <"
                                        + " each.expireSeconds())")
                        .foundIn(CLONES, 5),
                of(
                                "brought-home-and-forgotten",
                                "Tables that were copied are still looked for elsewhere.")
                        .replacing(
                                EDITS,
                                ".filter(id -> !copied.contains(id))",
                                ".filter(id -> copied.contains(id))")
                        .foundIn(CLONES, 1));
    }

    private static Mutant of(String id, String mistake) {
        return Mutant.of("planted", id, mistake);
    }
}
