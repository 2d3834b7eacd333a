package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.iter.MergeCursor;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One compaction on its way: reads the sources, keeps what has to be kept, writes the tables.
///
/// It publishes nothing. Cut into parts, ranges of keys that lie side by side, it can be worked on
/// by several threads. What an earlier attempt has finished is taken over: [#parts] then begin
/// behind it.
final class CompactionJob {
    private final CompactionPlan plan;
    private final Retention retention;
    private final List<SstReader> l0 = new ArrayList<>();
    private final List<RunReader> runs = new ArrayList<>();
    private final List<Durable<SstHandle>> finishedBefore;
    private final TableStore tables;

    /// @param finishedBefore tables that an earlier attempt has written, in key order from the
    ///   first key on
    CompactionJob(
            CompactionPlan plan,
            Manifest manifest,
            Retention retention,
            List<Durable<SstHandle>> finishedBefore,
            TableStore tables) {
        this.plan = plan;
        this.retention = retention;
        this.finishedBefore = List.copyOf(finishedBefore);
        this.tables = tables;
        for (SstView view : manifest.l0()) {
            if (plan.l0().contains(view.id())) l0.add(tables.open(view));
        }
        for (SortedRun run : manifest.sortedRuns()) {
            if (plan.runs().contains(run.id())) runs.add(tables.open(run, List.of()));
        }
    }

    /// A range of keys to be worked on by one thread.
    ///
    /// @param start the first key, or null for the first of all
    /// @param end the first key that is not in it, or null for none
    record Part(@Nullable Bytes start, @Nullable Bytes end) {}

    /// The row behind which a resumed compaction goes on.
    private record Mark(Bytes key, long seq) {}

    /// At most `count` parts, side by side in key order.
    List<Part> parts(int count) {
        Bytes first = finishedBefore.isEmpty() ? null : lastFinishedKey();
        var cuts = new ArrayList<Bytes>();
        for (Bytes cut : sampledCuts(count))
            if (first == null || first.compareTo(cut) < 0) cuts.add(cut);
        var parts = new ArrayList<Part>();
        Bytes start = first;
        int step = Math.max(1, (cuts.size() + count) / count);
        for (int i = step - 1; i < cuts.size() && parts.size() < count - 1; i += step) {
            parts.add(new Part(start, cuts.get(i)));
            start = cuts.get(i);
        }
        parts.add(new Part(start, null));
        return parts;
    }

    private TreeSet<Bytes> sampledCuts(int count) {
        var cuts = new TreeSet<Bytes>();
        if (count == 1) return cuts;
        for (SstReader table : l0) cuts.addAll(table.cuts(count - 1));
        for (RunReader run : runs)
            for (SstReader table : run.tables()) cuts.addAll(table.cuts(count - 1));
        return cuts;
    }

    private Bytes lastFinishedKey() {
        Bytes key = finishedBefore.getLast().position().properties().lastEntry();
        if (key == null) throw new CorruptData("a compacted table without a last key", null);
        return key;
    }

    /// Writes what is kept of `part`, telling `finished` of each table; returns how many rows were
    /// read. Throws [CompactionCut] soon after `isCut` becomes true.
    long work(
            Part part,
            RunWriter writer,
            BooleanSupplier isCut,
            Consumer<Durable<SstHandle>> finished) {
        try (var rows = new RetainedRows(sources(part), retention)) {
            Bytes start = part.start();
            if (start != null) rows.seek(start.array(), start.offset(), start.length());
            Mark mark = markOf(part);
            writer.write(
                    mark == null ? rows : new RowsBehind(rows, mark.key(), mark.seq()),
                    part.end(),
                    isCut,
                    finished);
            return rows.read();
        }
    }

    private @Nullable Mark markOf(Part part) {
        if (finishedBefore.isEmpty() || !lastFinishedKey().equals(part.start())) return null;
        SstReader last = tables.open(SstView.of(finishedBefore.getLast().position()));
        try (RowCursor rows = last.cursor(KeyRange.all(), Order.DESCENDING)) {
            if (!rows.next()) throw new CorruptData("a compacted table without rows", null);
            return new Mark(lastFinishedKey(), rows.seq());
        }
    }

    private RowCursor sources(Part part) {
        var range = new KeyRange(part.start(), part.end());
        var newestFirst = new ArrayList<RowCursor>();
        for (SstReader table : l0)
            if (table.overlaps(range)) newestFirst.add(table.cursor(range, Order.ASCENDING));
        for (RunReader run : runs)
            if (run.overlaps(range)) newestFirst.add(run.cursor(range, Order.ASCENDING));
        return MergeCursor.of(newestFirst, Order.ASCENDING);
    }

    /// What is compacted.
    CompactionPlan plan() {
        return plan;
    }

    /// The tables that an earlier attempt has written.
    List<Durable<SstHandle>> finishedBefore() {
        return finishedBefore;
    }

    /// How many bytes the sources have.
    long bytes() {
        long bytes = l0.stream().mapToLong(SstReader::sizeBytes).sum();
        for (RunReader run : runs)
            bytes += run.tables().stream().mapToLong(SstReader::sizeBytes).sum();
        return bytes;
    }

    /// The ids of the tables that are read.
    List<Ulid> sourceIds() {
        var ids = new ArrayList<Ulid>();
        for (SstReader table : l0) ids.add(table.id());
        for (RunReader run : runs) for (SstReader table : run.tables()) ids.add(table.id());
        return ids;
    }
}
