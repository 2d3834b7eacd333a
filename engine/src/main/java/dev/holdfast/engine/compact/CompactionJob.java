package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.CompactionFilter;
import dev.holdfast.engine.compact.RunWriter.Written;
import dev.holdfast.engine.compact.rows.FilteredRows;
import dev.holdfast.engine.compact.rows.Retention;
import dev.holdfast.engine.compact.rows.RowRules;
import dev.holdfast.engine.iter.FoldedRows;
import dev.holdfast.engine.iter.MergeCursor;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.table.WalkPlan;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.work.FinishedTable;
import dev.holdfast.lifecycle.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One compaction on its way: reads the sources, keeps what has to be kept, writes the tables.
///
/// It publishes nothing. Cut into parts, ranges of keys that lie side by side, it can be worked on
/// by several threads, of several processes. What was finished before is not done again: [#parts]
/// go around it.
final class CompactionJob {
    private static final int LOOKED_INTO_MAX = 16;

    private final CompactionPlan plan;
    private final Retention retention;
    private final RowRules rules;
    private final List<SstReader> l0 = new ArrayList<>();
    private final List<RunReader> runs = new ArrayList<>();
    private final TableStore tables;

    CompactionJob(
            CompactionPlan plan,
            Manifest manifest,
            Retention retention,
            RowRules rules,
            TableStore tables) {
        this.rules = rules;
        this.plan = plan;
        this.retention = retention;
        this.tables = tables;
        Manifest tree = manifest.tree(plan.segment());
        for (SstView view : tree.l0()) {
            if (plan.l0().contains(view.id())) l0.add(tables.open(view));
        }
        for (SortedRun run : tree.sortedRuns()) {
            if (plan.runs().contains(run.id())) runs.add(tables.open(run, List.of()));
        }
    }

    /// A range of keys to be worked on by one thread.
    ///
    /// @param start the first key, or null for the first of all
    /// @param end the first key that is not in it, or null for none
    /// @param behind the last table that is finished before this part: work goes on behind its last
    ///   row; null if the part begins with `start`
    record Part(@Nullable Bytes start, @Nullable Bytes end, @Nullable SstHandle behind) {
        KeyRange keys() {
            return new KeyRange(start, end);
        }

        /// What is left of it behind `table`.
        Part behind(SstHandle table) {
            return new Part(lastKey(table), end, table);
        }
    }

    /// A part that was worked on before, and what came of it.
    record Gathered(Part part, List<FinishedTable> finished, boolean isDone) {
        Gathered {
            finished = List.copyOf(finished);
        }
    }

    /// The row behind which a resumed compaction goes on; behind its key where `seq` is 0.
    private record Mark(Bytes key, long seq) {}

    /// Parts side by side in key order, behind the table `last`, or from the first key on if that
    /// is null. Those of `gathered` that fit are among them as they are; the rest is cut so that
    /// there are about `count`. Throws [CompactionCut] soon after `isCut` becomes true.
    List<Gathered> parts(
            int count, @Nullable SstHandle last, List<Gathered> gathered, BooleanSupplier isCut) {
        var parts = new PartCuts(last, cuts(count, last, isCut));
        for (Gathered each : gathered) parts.takeIfItFits(each);
        return parts.withTheRest();
    }

    private List<Bytes> cuts(int count, @Nullable SstHandle last, BooleanSupplier isCut) {
        Bytes first = last == null ? null : lastKey(last);
        var sampled = new ArrayList<Bytes>();
        for (Bytes cut : sampledCuts(count, isCut))
            if (first == null || first.compareTo(cut) < 0) sampled.add(cut);
        var cuts = new ArrayList<Bytes>();
        int step = Math.max(1, (sampled.size() + count) / count);
        for (int i = step - 1; i < sampled.size() && cuts.size() < count - 1; i += step)
            cuts.add(sampled.get(i));
        return cuts;
    }

    // A few tables are looked into; of the others it is known where they begin.
    private TreeSet<Bytes> sampledCuts(int count, BooleanSupplier isCut) {
        var cuts = new TreeSet<Bytes>();
        if (count == 1) return cuts;
        var all = new ArrayList<>(l0);
        for (RunReader run : runs) all.addAll(run.tables());
        for (int i = 0; i < all.size(); i++) {
            if (i < LOOKED_INTO_MAX)
                for (Bytes cut : lookedInto(all.get(i), isCut).cuts(count - 1))
                    cuts.add(cutBefore(cut));
            cuts.add(cutBefore(all.get(i).firstKey()));
        }
        return cuts;
    }

    private Bytes cutBefore(Bytes key) {
        CompactionFilter.Factory filters = rules.filters();
        return filters == null ? key : filters.cutBefore(key);
    }

    // There may be a thousand tables to open: a stop is heard between two of them.
    private static SstReader lookedInto(SstReader table, BooleanSupplier isCut) {
        if (isCut.getAsBoolean()) throw new CompactionCut();
        table.readIndex();
        return table;
    }

    private static Bytes lastKey(SstHandle table) {
        Bytes key = table.properties().lastEntry();
        if (key == null) throw new CorruptData("a compacted table without a last key", null);
        return key;
    }

    /// Cuts all keys into parts, around those that were worked on before.
    private static final class PartCuts {
        private final List<Bytes> cuts;
        private final List<Gathered> parts = new ArrayList<>();
        private @Nullable Bytes position;
        private @Nullable SstHandle behind;
        private boolean isAtEnd;

        PartCuts(@Nullable SstHandle behind, List<Bytes> cuts) {
            this.behind = behind;
            this.cuts = cuts;
            position = behind == null ? null : lastKey(behind);
        }

        void takeIfItFits(Gathered each) {
            Bytes start = each.part().start();
            if (isAtEnd || !begins(start)) return;
            if (start != null && !start.equals(position)) cutUpTo(start);
            parts.add(each);
            position = each.part().end();
            isAtEnd = position == null;
        }

        // Behind a table the last key may go on, so a part that begins with it does not fit.
        private boolean begins(@Nullable Bytes start) {
            if (start == null) return position == null;
            if (position == null) return true;
            int order = position.compareTo(start);
            return order < 0 || (order == 0 && behind == null);
        }

        private void cutUpTo(@Nullable Bytes end) {
            for (Bytes cut : cuts) {
                boolean isBehind = position == null || position.compareTo(cut) < 0;
                if (isBehind && (end == null || cut.compareTo(end) < 0)) add(cut);
            }
            add(end);
        }

        private void add(@Nullable Bytes end) {
            parts.add(new Gathered(new Part(position, end, behind), List.of(), false));
            position = end;
            behind = null;
        }

        List<Gathered> withTheRest() {
            if (!isAtEnd) cutUpTo(null);
            return parts;
        }
    }

    /// Writes what is kept of `part`, telling `finished` of each table; returns what became of the
    /// rows. Throws [CompactionCut] soon after `isCut` becomes true, `Invalid` if a filter fails.
    DbStats.Rows work(
            Part part, RunWriter writer, BooleanSupplier isCut, Consumer<Written> finished) {
        CompactionFilter.Factory filters = rules.filters();
        if (filters == null) return work(part, writer, null, isCut, finished);
        var job =
                new CompactionFilter.Job(
                        plan.destination(),
                        retention.isBottom(),
                        retention.nowMillis(),
                        retention.seqMin(),
                        part.end());
        var rows = new AtomicReference<DbStats.Rows>(DbStats.Rows.NONE);
        Throwable broken =
                Task.attempt(() -> {
                    CompactionFilter filter = filters.filterFor(job);
                    rows.set(work(part, writer, filter, isCut, finished));
                });
        return switch (broken) {
            case null -> rows.get();
            case StorageException told -> throw told;
            case CompactionCut cut -> throw cut;
            case Error error -> throw error;
            default -> throw new Invalid("compaction filter failed: " + broken, broken);
        };
    }

    private DbStats.Rows work(
            Part part,
            RunWriter writer,
            @Nullable CompactionFilter filter,
            BooleanSupplier isCut,
            Consumer<Written> finished) {
        try (var rows = new RetainedRows(sources(part, isCut), retention, isCut)) {
            Bytes start = part.start();
            if (start != null) rows.seek(start.array(), start.offset(), start.length());
            RowCursor folded = FoldedRows.of(rows, rules.operator(), retention.seqMin());
            RowCursor left =
                    filter == null
                            ? folded
                            : new FilteredRows(folded, filter, retention, part.end());
            Mark mark = markOf(part.behind());
            writer.write(
                    mark == null ? left : new RowsBehind(left, mark.key(), mark.seq()),
                    part.end(),
                    isCut,
                    finished);
            return rows.rows();
        }
    }

    private @Nullable Mark markOf(@Nullable SstHandle table) {
        if (table == null) return null;
        SstReader last = tables.open(SstView.of(table));
        try (RowCursor rows = last.cursor(KeyRange.all(), Order.DESCENDING)) {
            if (!rows.next()) throw new CorruptData("a compacted table without rows", null);
            // An operand may hold older ones. All that was left of its key is in the table.
            boolean isOperand = (rows.flags() & RowFlags.MERGE) != 0;
            return new Mark(lastKey(table), isOperand ? 0 : rows.seq());
        }
    }

    private RowCursor sources(Part part, BooleanSupplier isCut) {
        KeyRange range = part.keys();
        var newestFirst = new ArrayList<RowCursor>();
        for (SstReader table : l0)
            if (table.overlaps(range))
                newestFirst.add(
                        lookedInto(table, isCut).cursor(range, Order.ASCENDING, WalkPlan.ONCE));
        for (RunReader run : runs)
            if (run.overlaps(range))
                newestFirst.add(run.cursor(range, Order.ASCENDING, WalkPlan.ONCE));
        return MergeCursor.of(newestFirst, Order.ASCENDING);
    }

    /// What is compacted.
    CompactionPlan plan() {
        return plan;
    }

    /// What is compacted, table by table.
    Set<SstView> sources() {
        Set<SstView> sources = new HashSet<>();
        for (SstReader table : l0) sources.add(table.view());
        for (RunReader run : runs) for (SstReader table : run.tables()) sources.add(table.view());
        return sources;
    }

    /// How many bytes the sources have.
    long bytes() {
        long bytes = l0.stream().mapToLong(SstReader::sizeBytes).sum();
        for (RunReader run : runs)
            bytes += run.tables().stream().mapToLong(SstReader::sizeBytes).sum();
        return bytes;
    }
}
