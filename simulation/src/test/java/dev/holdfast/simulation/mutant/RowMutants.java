package dev.holdfast.simulation.mutant;

import java.util.List;
import java.util.stream.Stream;

/// Mistakes that the tests of one row of the fault matrix find; they stand in the same table as
/// [EngineMutants].
final class RowMutants {
    private static final String COLLECTOR = "engine.gc.Collector";

    private RowMutants() {}

    /// All of them.
    static List<Mutant> all() {
        return Stream.of(openers(), views(), upkeep(), disks()).flatMap(List::stream).toList();
    }

    private static List<Mutant> openers() {
        return List.of(
                Mutant.of(
                                "planted",
                                "manifest-of-another-taken-for-ours",
                                "An opener whose manifest's number is taken goes on as if it had"
                                        + " won.")
                        .replacing(
                                "engine.manifest.NumberedStore",
                                "return putId.equals(there.putId()) && boundary.isBelow(id);",
                                "return boundary.isBelow(id);")
                        .foundIn(EngineMutants.OPENERS, 0));
    }

    private static List<Mutant> views() {
        return List.of(
                Mutant.of(
                                "RD-02",
                                "view-before-the-commit",
                                "A number is visible before the rows of its commit are.")
                        .replacing(
                                "engine.write.BatchWriter",
                                "active.apply(rows.again(), seq, createdAt);",
                                "applied = seq; Thread.yield();"
                                        + " active.apply(rows.again(), seq, createdAt);")
                        .foundBy("simulation.matrix.ViewRowsTest"));
    }

    private static List<Mutant> upkeep() {
        return List.of(
                Mutant.of(
                                "CMP-02",
                                "compactors-take-turns-at-once",
                                "A compactor that was fenced takes the work back at once.")
                        .replacing(
                                "engine.compact.Compactor",
                                "aside = new Aside(env, states);",
                                "aside = null;")
                        .foundBy("simulation.matrix.AsideRowsTest"),
                Mutant.of(
                                "CMP-06",
                                "part-ends-untold",
                                "A part that fails tells nobody that it has ended.")
                        .replacing(
                                "engine.compact.Hand",
                                "if (failure != null) breakOff(failure);",
                                "if (failure instanceof CompactionCut) breakOff(failure);")
                        .foundBy("simulation.matrix.CompactionRowsTest"),
                Mutant.of(
                                "GC-05",
                                "neighbour-collected",
                                "A collector takes for its own every log object whose name begins"
                                        + " like its database's.")
                        .replacing(
                                COLLECTOR,
                                "sweep(logs.prefix(), object -> isOldLog(logs, object));",
                                "sweep(root, object -> isOldLog(logs, object));")
                        .replacing(
                                "engine.manifest.NumberedNames",
                                "int end = prefix.length() + DIGITS; if (name.length() != end +"
                                        + " suffix.length()) return -1; if"
                                        + " (!name.startsWith(prefix) || !name.endsWith(suffix))"
                                        + " return -1; long id = 0; for (int i ="
                                        + " prefix.length(); i < end; i++) {",
                                "int end = name.length() - suffix.length(); int start = end -"
                                        + " DIGITS; if (start < 0 || !name.endsWith(suffix))"
                                        + " return -1; long id = 0; for (int i = start; i < end;"
                                        + " i++) {")
                        .foundBy("engine.CollectionTest"),
                Mutant.of(
                                "OBJ-16",
                                "uploads-left-behind",
                                "A collector leaves what was uploaded and never completed.")
                        .replacing(COLLECTOR, "endUploads(); comeBack", "comeBack")
                        .foundBy("simulation.matrix.UploadRowsTest"));
    }

    private static List<Mutant> disks() {
        return List.of(
                Mutant.of(
                                "CAC-03",
                                "cache-file-believed",
                                "What a file of the disk cache holds is served without a look at"
                                        + " its checksum.")
                        .replacing(
                                "objectstore.cached.PartHeader",
                                "if (checksum(piece, i) != checksums[first + i]) return false;",
                                "if (i < 0) return false;")
                        .foundBy("simulation.disk.DiskCacheCrashTest"));
    }
}
