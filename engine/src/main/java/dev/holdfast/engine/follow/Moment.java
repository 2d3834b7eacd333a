package dev.holdfast.engine.follow;

import dev.holdfast.base.Ulid;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.view.LsmView;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The database at one moment: every commit up to `seq`, and none after.
///
/// Invariant: all rows up to the manifest's last number are read from its tables, all newer ones
/// from memtables that hold the log from there on without a gap.
///
/// @param walId every log object up to it is in memtables or in tables
public record Moment(ManifestVersion version, LsmView view, long seq, long walId) {

    /// What is in the tables of `version`, and nothing else.
    static Moment of(ManifestVersion version, TableStore tables) {
        long flushed = version.manifest().lastL0Seq();
        LsmView view =
                LsmView.of(new Memtable())
                        .withTables(version.manifest(), tables)
                        .withFlushed(flushed);
        return new Moment(version, view, flushed, version.manifest().replayAfterWalId());
    }

    /// The same moment or a later one, over the tables of the later `next`.
    Moment over(ManifestVersion next, TableStore tables) {
        long flushed = next.manifest().lastL0Seq();
        LsmView moved = view.withTables(next.manifest(), tables).withFlushed(flushed);
        long covered = next.manifest().replayAfterWalId();
        return new Moment(next, moved, Math.max(seq, flushed), Math.max(walId, covered));
    }

    /// True if this moment reads from a table that `other` does not.
    boolean needsMoreThan(Moment other) {
        return !other.tables().containsAll(tables());
    }

    private Set<Ulid> tables() {
        Stream<SstReader> inRuns = view.runs().stream().flatMap(run -> run.tables().stream());
        return Stream.concat(view.l0().stream(), inRuns)
                .map(SstReader::id)
                .collect(Collectors.toSet());
    }
}
