package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.Reads.Row;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.iter.MergeCursor;
import dev.holdfast.engine.iter.NewerRows;
import dev.holdfast.engine.iter.RowStamp;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.iter.VisibleCursor;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.WalkPlan;
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
    private static final Scan.Options DESCENDING =
            Scan.Options.defaults().withOrder(Order.DESCENDING);

    private final VisibleCursor pairs;
    private final @Nullable ReadWitness reads;
    private long observedSeq;
    private long rowsLeft;
    private long bytesLeft;
    private boolean stands;

    private RangeScanner(VisibleCursor pairs, Scan.Options options, @Nullable ReadWitness reads) {
        this.pairs = pairs;
        this.reads = reads;
        rowsLeft = options.rowsMax();
        bytesLeft = options.bytesMax();
    }

    /// The pairs of `range` in `view`. What they depended on is told to `reads`, if given.
    public static RangeScanner over(
            LsmView view,
            KeyRange range,
            Order order,
            Visibility visibility,
            @Nullable ReadWitness reads) {
        return over(view, range, inOrder(order), visibility, reads);
    }

    private static Scan.Options inOrder(Order order) {
        return order == Order.ASCENDING ? Scan.Options.defaults() : DESCENDING;
    }

    /// The pairs of `range` in `view` as `options` say. What they depended on is told to `reads`,
    /// if given. What may show is said by `visibility` alone.
    public static RangeScanner over(
            LsmView view,
            KeyRange range,
            Scan.Options options,
            Visibility visibility,
            @Nullable ReadWitness reads) {
        Order order = options.order();
        RowCursor rows = rows(view, range, options, visibility.seqMax());
        long seqMax = visibility.seqMax();
        var pairs =
                new VisibleCursor(
                        rows,
                        range,
                        order,
                        visibility,
                        one -> rows(view, one, options.withOrder(Order.ASCENDING), seqMax));
        return new RangeScanner(pairs, options, reads);
    }

    /// What `pairs` shows, as long as `options` say.
    public static RangeScanner over(VisibleCursor pairs, Scan.Options options, ReadWitness reads) {
        return new RangeScanner(pairs, options, reads);
    }

    /// Every row of `view` that lies in `range` and decides what a reader at `seqMax` sees, and
    /// some beside it, those of newer commits too: before the first one of the walk. Every row if
    /// that is -1.
    public static RowCursor rows(LsmView view, KeyRange range, Scan.Options options, long seqMax) {
        return MergeCursor.of(sources(view, range, options, seqMax), options.order());
    }

    /// Throws [OutOfReach] unless `range` is short in the tables of `view` and can be read without
    /// the store.
    static void requireAtHand(LsmView view, KeyRange range) {
        if (range.isEmpty()) return;
        for (SstReader table : view.l0()) if (!table.isAtHand(range)) throw new OutOfReach();
        for (RunReader run : view.runs()) if (!run.isAtHand(range)) throw new OutOfReach();
    }

    // Newest first, as the merge wants them.
    private static List<RowCursor> sources(
            LsmView view, KeyRange range, Scan.Options options, long seqMax) {
        Order order = options.order();
        WalkPlan plan = WalkPlan.of(options).within(range.sharedPrefix());
        List<RowCursor> sources = new ArrayList<>();
        if (range.isEmpty()) return sources;
        boolean isOfMany = 1 < view.l0().size() + view.runs().size();
        if (isOfMany && plan.blocks() != Scan.Options.Blocks.PASSED) warm(view, range, order, plan);
        List<Memtable> memtables = new ArrayList<>(List.of(view.active()));
        memtables.addAll(view.frozen());
        for (Memtable each : memtables)
            if (each.overlaps(range))
                sources.add(unflushed(view, each, each.cursor(range, order, seqMax)));
        for (SstReader table : view.l0())
            if (table.overlaps(range)) sources.add(table.cursor(range, order, plan));
        for (RunReader run : view.runs())
            if (run.overlaps(range)) sources.add(run.cursor(range, order, plan));
        return sources;
    }

    private static RowCursor unflushed(LsmView view, Memtable memtable, RowCursor rows) {
        long flushedSeq = view.flushedSeq();
        boolean isAllNewer = flushedSeq < memtable.firstSeq() || flushedSeq == 0;
        return isAllNewer ? rows : new NewerRows(rows, flushedSeq);
    }

    // The merge needs the first row of each source before it shows any: those that are not in
    // memory are fetched side by side.
    private static void warm(LsmView view, KeyRange range, Order order, WalkPlan plan) {
        int begun = 0;
        for (SstReader table : view.l0())
            if (begun < WARMED_MAX && table.overlaps(range) && table.warm(range, order, plan))
                begun++;
        for (RunReader run : view.runs())
            if (begun < WARMED_MAX && run.overlaps(range) && run.warm(range, order, plan)) begun++;
    }

    @Override
    public boolean next() {
        stands = 0 < rowsLeft && 0 < bytesLeft && pairs.next();
        if (stands) {
            rowsLeft--;
            bytesLeft -= pairs.keyLength() + pairs.valueLength();
        }
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

    @Override
    public Row row() {
        requirePair();
        var stamp = new RowStamp();
        pairs.stamp(stamp);
        return Pairs.row(key(), value(), stamp);
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
