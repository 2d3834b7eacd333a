package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.iter.MergeCursor;
import dev.holdfast.engine.iter.NewerRows;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.iter.VisibleCursor;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ReadWitness;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The live pairs of a range of a view, one after another. Not thread-safe.
///
/// Keys and values are copied out when they are asked for, and only then.
public final class RangeScanner implements Scan {
    private static final int WARMED_MAX = 32;

    private final VisibleCursor pairs;
    private final @Nullable ReadWitness reads;
    private long observedSeq;
    private boolean stands;

    private RangeScanner(VisibleCursor pairs, @Nullable ReadWitness reads) {
        this.pairs = pairs;
        this.reads = reads;
    }

    /// The pairs of `range` in `view`. What they depended on is told to `reads`, if given.
    public static RangeScanner over(
            LsmView view,
            KeyRange range,
            Order order,
            Visibility visibility,
            @Nullable ReadWitness reads) {
        VisibleCursor pairs = new VisibleCursor(rows(view, range, order), range, order, visibility);
        return new RangeScanner(pairs, reads);
    }

    /// What `pairs` shows.
    public static RangeScanner over(VisibleCursor pairs, ReadWitness reads) {
        return new RangeScanner(pairs, reads);
    }

    /// Every row of `view` that lies in `range`, and some beside it, those of newer commits too:
    /// before the first one of the walk.
    public static RowCursor rows(LsmView view, KeyRange range, Order order) {
        return MergeCursor.of(sources(view, range, order), order);
    }

    // Newest first, as the merge wants them.
    private static List<RowCursor> sources(LsmView view, KeyRange range, Order order) {
        List<RowCursor> sources = new ArrayList<>();
        if (range.isEmpty()) return sources;
        if (1 < view.l0().size() + view.runs().size()) warm(view, range, order);
        sources.add(rows(view, view.active(), order));
        for (Memtable memtable : view.frozen()) sources.add(rows(view, memtable, order));
        for (SstReader table : view.l0())
            if (table.overlaps(range)) sources.add(table.cursor(range, order));
        for (RunReader run : view.runs())
            if (run.overlaps(range)) sources.add(run.cursor(range, order));
        return sources;
    }

    private static RowCursor rows(LsmView view, Memtable memtable, Order order) {
        RowCursor all = memtable.cursor(order);
        long flushedSeq = view.flushedSeq();
        boolean isAllNewer = flushedSeq < memtable.firstSeq() || flushedSeq == 0;
        return isAllNewer ? all : new NewerRows(all, flushedSeq);
    }

    // The merge needs the first row of each source before it shows any: those that are not in
    // memory are fetched side by side.
    private static void warm(LsmView view, KeyRange range, Order order) {
        int begun = 0;
        for (SstReader table : view.l0())
            if (begun < WARMED_MAX && table.overlaps(range) && table.warm(range, order)) begun++;
        for (RunReader run : view.runs())
            if (begun < WARMED_MAX && run.overlaps(range) && run.warm(range, order)) begun++;
    }

    @Override
    public boolean next() {
        stands = pairs.next();
        if (reads != null && observedSeq < pairs.observedSeq()) {
            observedSeq = pairs.observedSeq();
            reads.observe(observedSeq);
        }
        return stands;
    }

    @Override
    public Bytes key() {
        requirePair();
        return Bytes.copyOf(pairs.keyArray(), 0, pairs.keyLength());
    }

    @Override
    public Bytes value() {
        requirePair();
        return Bytes.copyOf(pairs.valueArray(), pairs.valueOffset(), pairs.valueLength());
    }

    private void requirePair() {
        if (!stands) throw new IllegalStateException("the scan stands on no pair");
    }

    @Override
    public void seek(Bytes key) {
        stands = false;
        pairs.seek(key);
    }

    @Override
    public void close() {
        stands = false;
        pairs.close();
    }
}
