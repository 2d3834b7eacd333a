package dev.holdfast.simulation.mutant;

import java.util.List;
import java.util.stream.Stream;

/// Mistakes that compactors, collectors and workers have made, planted into ours; they stand in the
/// same table as [EngineMutants].
final class UpkeepMutants {
    /// A database is compacted and collected by machines whose clocks and stores may be wrong.
    static final String UPKEEP = "simulation.matrix.UpkeepHistory";

    /// One compaction is shared by compactors and workers that die, freeze and wake.
    static final String WORKERS = "simulation.WorkersHistory";

    private static final String LEDGER = "engine.compact.Ledger";
    private static final String ROWS = "engine.compact.RetainedRows";
    private static final String REFERENCES = "engine.gc.References";
    private static final String COLLECTOR = "engine.gc.Collector";
    private static final String BOOK = "engine.compact.PartBook";
    private static final String HAND = "engine.compact.Hand";
    private static final String FOREMAN = "engine.compact.Foreman";

    private UpkeepMutants() {}

    /// All of them.
    static List<Mutant> all() {
        return Stream.of(rows(), commits(), references(), clocks(), parts())
                .flatMap(List::stream)
                .toList();
    }

    private static Mutant of(String id, String mistake) {
        return Mutant.of("planted", id, mistake);
    }

    private static List<Mutant> rows() {
        return List.of(
                of(
                                "tombstone-dropped-above-the-bottom",
                                "A tombstone goes though older rows of its key lie beneath.")
                        .replacing(
                                ROWS,
                                "return !(isGone && isForAll && retention.isBottom());",
                                "return !(isGone && isForAll);")
                        .foundIn(UPKEEP, 0),
                of(
                                "CMP-04",
                                "version-of-a-view-dropped",
                                "A compaction keeps the newest version of a key, whatever older"
                                        + " view is open.")
                        .replacing(
                                ROWS,
                                "boolean isForAll = rows.seq() <= retention.seqMin();",
                                "boolean isForAll = rows.seq() <= Long.MAX_VALUE;")
                        .foundBy("engine.compact.RetainedRowsTest"),
                of(
                                "output-not-read-back",
                                "A table is published that nobody has read after it was put.")
                        .replacing(
                                "engine.compact.RunWriter",
                                "check.require(written.finished(), KeyRange.all(), isCut);",
                                "")
                        .foundIn(UPKEEP, 0));
    }

    private static List<Mutant> commits() {
        return List.of(
                of(
                                "compaction-without-an-epoch",
                                "A compaction is published without a look whether a newer compactor"
                                        + " has come.")
                        .replacing(
                                LEDGER,
                                "new ManifestEdit.Both(checkpoints, change), new"
                                        + " Editor.Compactor(epoch),",
                                "new ManifestEdit.Both(checkpoints, change), new"
                                        + " Editor.Guest(),")
                        .foundIn(UPKEEP, 445),
                of(
                                "marker-too-new",
                                "The marker of the last compacted L0 names the newest table there"
                                        + " is.")
                        .replacing(
                                "engine.manifest.ManifestEdit",
                                "l0.isEmpty() ? latest.lastCompactedL0() : l0.getFirst())",
                                "l0.isEmpty() ? latest.lastCompactedL0() :"
                                        + " latest.l0().getFirst().id())")
                        .foundIn(UPKEEP, 0),
                of(
                                "replaced-tables-not-kept",
                                "A commit makes no checkpoint of the manifest that it replaces.")
                        .replacing(
                                LEDGER,
                                "new ManifestEdit.Both(checkpoints, change), new"
                                        + " Editor.Compactor(epoch),",
                                "change, new Editor.Compactor(epoch),")
                        .foundIn(UPKEEP, 0));
    }

    private static List<Mutant> references() {
        return List.of(
                of(
                                "table-of-a-checkpoint-collected",
                                "A collector removes tables that a checkpoint alone names.")
                        .replacing(REFERENCES, "addTables(old.manifest(), tables);", "")
                        .foundIn(UPKEEP, 0),
                of(
                                "log-of-a-replay-collected",
                                "A collector removes the first log object that a replay begins"
                                        + " with.")
                        .replacing(
                                REFERENCES,
                                "new LogRange(newest.manifest().replayAfterWalId(),",
                                "new LogRange(newest.manifest().replayAfterWalId() + 2,")
                        .foundIn(UPKEEP, 1),
                of(
                                "log-of-a-checkpoint-collected",
                                "A collector removes log objects that a checkpoint alone needs.")
                        .replacing(
                                REFERENCES,
                                "ranges.add(new LogRange(then.replayAfterWalId(),"
                                        + " then.walIdLastSeen()));",
                                "")
                        .foundIn(UPKEEP, 5));
    }

    private static List<Mutant> clocks() {
        return List.of(
                of("GC-03", "age-by-one-clock", "An object's age is told by the collector's clock.")
                        .replacing(
                                COLLECTOR,
                                "return Math.min(env.currentTimeMillis(), newestInStoreMillis) -"
                                        + " rules.minAge().toMillis();",
                                "return env.currentTimeMillis() - rules.minAge().toMillis();")
                        .foundBy("engine.CollectionTest"),
                of("checkpoint-ended-by-one-clock", "A checkpoint ends by the collector's clock.")
                        .replacing(
                                COLLECTOR,
                                "long now = Math.min(env.currentTimeMillis(),"
                                        + " newestInStoreMillis); int left",
                                "long now = env.currentTimeMillis(); int left")
                        .foundIn(UPKEEP, 1),
                of(
                                "checkpoint-ended-by-the-compactor",
                                "A compactor gives up checkpoints by its clock.")
                        .replacing(
                                LEDGER,
                                "endedLongBefore(Math.min(ours, writers))",
                                "endedLongBefore(ours)")
                        .foundIn(UPKEEP, 0));
    }

    private static Mutant of(String tag, String id, String mistake) {
        return Mutant.of(tag, id, mistake);
    }

    private static List<Mutant> parts() {
        return List.of(
                of("part-counted-twice", "What a worker has shown of a part is done once more.")
                        .replacing(
                                BOOK,
                                "if (!tables.isEmpty()) entry.part ="
                                        + " entry.part.behind(tables.getLast().table());",
                                "")
                        .foundIn(WORKERS, 0),
                of("part-missing", "A part that was given back counts as done.")
                        .replacing(
                                HAND,
                                "right == fresh.size() && check.report().isDone()",
                                "right == fresh.size()")
                        .foundIn(WORKERS, 0),
                of("late-worker-believed", "What a worker delivers counts though it was given up.")
                        .replacing(
                                FOREMAN,
                                "if (posted.has(key, Paper.RESULT) && givenUp.remove(key))"
                                        + " tally.late.incrementAndGet();",
                                """
                                if (posted.has(key, Paper.RESULT) && givenUp.remove(key)) {
                                    tally.late.incrementAndGet();
                                    PartResult late = board.readResult(key);
                                    if (late != null) book.reported(key, late);
                                }
                                """)
                        .replacing(
                                BOOK,
                                "entry != null && entry.key.equals(key) && entry.hands == hands ?",
                                "entry != null ?")
                        .foundIn(WORKERS, 0),
                of(
                                "CMP-07",
                                "worker-believed",
                                "What a worker says of its tables is not looked at.")
                        .replacing(
                                HAND,
                                "shift.check().require(each, left.keys(), reports.isOver());",
                                "")
                        .foundBy("engine.CompactionWorkersTest"));
    }
}
