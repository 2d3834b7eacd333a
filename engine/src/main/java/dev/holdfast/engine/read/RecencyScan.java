package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Reads.Row;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.iter.NewerRows;
import dev.holdfast.engine.iter.RowStamp;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.WalkPlan;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The rows of a range of a view, source by source, newest first. Not thread-safe.
final class RecencyScan implements Scan.Versions {
    private final KeyRange range;
    private final long seqMax;
    private final ArrayDeque<Supplier<RowCursor>> left = new ArrayDeque<>();
    private @Nullable RowCursor rows; // of the source that the walk is in
    private boolean stands;

    RecencyScan(LsmView view, KeyRange range, long seqMax) {
        this.range = range;
        this.seqMax = seqMax;
        if (range.isEmpty()) return;
        WalkPlan plan = WalkPlan.USUAL.within(range.sharedPrefix());
        if (view.active().overlaps(range)) left.add(() -> rowsOf(view, view.active()));
        for (Memtable memtable : view.frozen())
            if (memtable.overlaps(range)) left.add(() -> rowsOf(view, memtable));
        for (SstReader table : view.l0())
            if (table.overlaps(range)) left.add(() -> table.cursor(range, Order.ASCENDING, plan));
        for (RunReader run : view.runs())
            if (run.overlaps(range)) left.add(() -> run.cursor(range, Order.ASCENDING, plan));
    }

    private static RowCursor rowsOf(LsmView view, Memtable memtable) {
        return new NewerRows(memtable.cursor(Order.ASCENDING), view.flushedSeq());
    }

    @Override
    public boolean next() {
        stands = false;
        while (!stands) {
            RowCursor current = rows == null ? open() : rows;
            if (current == null) return false;
            stands = nextOf(current);
            if (!stands) end();
        }
        return true;
    }

    private @Nullable RowCursor open() {
        Supplier<RowCursor> next = left.poll();
        if (next == null) return null;
        RowCursor opened = next.get();
        Bytes start = range.start();
        if (start != null) opened.seek(start.array(), start.offset(), start.length());
        rows = opened;
        return opened;
    }

    private boolean nextOf(RowCursor current) {
        Bytes end = range.end();
        while (current.next()) {
            if (end != null && 0 <= key(current).compareTo(end)) return false;
            if (current.seq() <= seqMax) return true;
        }
        return false;
    }

    private static Bytes key(RowCursor current) {
        return Bytes.wrap(current.keyArray(), current.keyOffset(), current.keyLength());
    }

    private void end() {
        RowCursor ended = rows;
        rows = null;
        if (ended != null) ended.close();
    }

    private RowCursor current() {
        RowCursor current = rows;
        if (!stands || current == null)
            throw new IllegalStateException("the scan stands on no row");
        return current;
    }

    @Override
    public Kind kind() {
        int flags = current().flags();
        if ((flags & RowFlags.TOMBSTONE) != 0) return Kind.REMOVAL;
        return (flags & RowFlags.MERGE) != 0 ? Kind.OPERAND : Kind.VALUE;
    }

    @Override
    public Row row() {
        RowCursor row = current();
        var stamp = new RowStamp();
        stamp.take(row);
        Bytes value = Bytes.copyOf(row.valueArray(), row.valueOffset(), row.valueLength());
        Bytes key = Bytes.copyOf(row.keyArray(), row.keyOffset(), row.keyLength());
        return Pairs.row(key, value, stamp);
    }

    @Override
    public void close() {
        stands = false;
        left.clear();
        end();
    }
}
