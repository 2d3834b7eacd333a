package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.memory.Allowance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Rows about to be written over a view: reads see them as if they were there. Not thread-safe.
final class StagedRows {
    private static final int ROW_BYTES = 160; // beside key and value
    private static final int FIGURES_MAX = 64; // rows that a commit adds, at most
    private static final long LARGE_BYTES = 64 << 10;
    private static final int NO_MARK = 0;

    private final ReadView view;
    private final Allowance.Share share;
    private final Map<Bytes, Row> rows = new HashMap<>();
    private final List<Row> inOrder = new ArrayList<>(); // as they came
    private @Nullable NavigableMap<Bytes, Row> byKey; // once a scan has asked for it
    private final Deque<Mark> marks = new ArrayDeque<>(); // latest first
    private final List<Replaced> replaced = new ArrayList<>(); // since the first mark, oldest first
    private int lastMark = NO_MARK;
    private @Nullable Bytes lastMissed; // that was asked for and is not here
    private long changes;
    private boolean refusesScans;

    /// Takes rows one after another.
    @FunctionalInterface
    interface RowTaker {
        void take(Bytes rowKey, Bytes value);
    }

    private static final class Row {
        private final Bytes key;
        private @Nullable Bytes value; // null if it is to be removed
        private int mark; // the last that knows what was there before

        Row(Bytes key, @Nullable Bytes value, int mark) {
            this.key = key;
            this.value = value;
            this.mark = mark;
        }

        // Once as it is here, and once in the batch that it becomes.
        long bytes(@Nullable Bytes value) {
            return ROW_BYTES + 2L * (key.length() + lengthOf(value));
        }
    }

    /// A moment to go back to.
    ///
    /// @param number counts up
    /// @param rows how many there were
    /// @param replaced how many had been
    private record Mark(int number, int rows, int replaced) {}

    /// What `row` was before it was changed.
    private record Replaced(Row row, @Nullable Bytes value, int mark) {}

    StagedRows(ReadView view, Allowance.Share share) {
        this.view = view;
        this.share = share;
    }

    void put(Bytes rowKey, Bytes value) {
        stage(rowKey, value);
    }

    void delete(Bytes rowKey) {
        stage(rowKey, null);
    }

    private void stage(Bytes rowKey, @Nullable Bytes value) {
        Row row = lastMissed == rowKey ? null : rows.get(rowKey);
        if (row == null) add(new Row(rowKey, value, latestMark()));
        else replace(row, value);
        changes++;
    }

    private void add(Row row) {
        share.hold(row.bytes(row.value));
        lastMissed = null;
        rows.put(row.key, row);
        inOrder.add(row);
        if (byKey != null) byKey.put(row.key, row);
    }

    private void replace(Row row, @Nullable Bytes value) {
        share.hold(row.bytes(value));
        int latest = latestMark();
        if (row.mark < latest) {
            replaced.add(new Replaced(row, row.value, row.mark));
            row.mark = latest;
        } else {
            share.release(row.bytes(row.value));
        }
        row.value = value;
    }

    private int latestMark() {
        Mark latest = marks.peek();
        return latest == null ? NO_MARK : latest.number;
    }

    private static int lengthOf(@Nullable Bytes value) {
        return value == null ? 0 : value.length();
    }

    /// Notes from now on what [#backToMark] has to bring back.
    void mark() {
        marks.push(new Mark(++lastMark, inOrder.size(), replaced.size()));
    }

    /// Takes the latest mark away; what changed since then changed since the one before.
    void unmark() {
        int from = marks.pop().replaced;
        int outer = latestMark();
        int kept = from;
        for (int i = from; i < replaced.size(); i++) {
            Replaced each = replaced.get(i);
            if (each.mark < outer) replaced.set(kept++, each);
            else share.release(each.row.bytes(each.value));
        }
        replaced.subList(kept, replaced.size()).clear();
    }

    /// Undoes all changes since the latest mark, and takes it away.
    void backToMark() {
        Mark mark = marks.pop();
        while (mark.replaced < replaced.size()) {
            Replaced last = replaced.removeLast();
            share.release(last.row.bytes(last.row.value));
            last.row.value = last.value;
            last.row.mark = last.mark;
        }
        removeFrom(mark.rows);
    }

    private void removeFrom(int first) {
        while (first < inOrder.size()) {
            Row last = inOrder.removeLast();
            rows.remove(last.key);
            if (byKey != null) byKey.remove(last.key);
            share.release(last.bytes(last.value));
        }
    }

    boolean isEmpty() {
        return inOrder.isEmpty();
    }

    /// True between [#mark] and its end.
    boolean isMarked() {
        return !marks.isEmpty();
    }

    /// How many changes were made so far, undone ones included.
    long changes() {
        return changes;
    }

    /// Undoes all changes, while there is no mark.
    void clear() {
        removeFrom(0);
    }

    @Nullable Bytes get(Bytes rowKey) {
        if (isEmpty()) return view.get(rowKey);
        Row staged = rows.get(rowKey);
        if (staged != null) return staged.value;
        lastMissed = rowKey;
        return view.get(rowKey);
    }

    /// From now on scans throw `OutOfReach`: those of a view may read what is not in memory.
    void refuseScans() {
        refusesScans = true;
    }

    void requireScans() {
        if (refusesScans) throw new OutOfReach();
    }

    /// The pairs of `range`, least key first, as they stand at this call. Closing it closes the
    /// view's scan.
    Scan scan(KeyRange range) {
        return scan(range, Order.ASCENDING);
    }

    /// The pairs of `range` in `order`, as they stand at this call.
    Scan scan(KeyRange range, Order order) {
        requireScans();
        Scan stored = view.scan(range, order);
        NavigableMap<Bytes, Row> staged = within(range);
        if (staged.isEmpty()) return stored;
        Deque<OverlaidScan.Pair> pairs = new ArrayDeque<>();
        for (Row row : (order == Order.ASCENDING ? staged : staged.descendingMap()).values())
            pairs.add(new OverlaidScan.Pair(row.key, row.value));
        return new OverlaidScan(stored, pairs, order);
    }

    private NavigableMap<Bytes, Row> within(KeyRange range) {
        if (isEmpty() || range.isEmpty()) return new TreeMap<>();
        NavigableMap<Bytes, Row> all = byKey;
        if (all == null) {
            all = new TreeMap<>(rows);
            byKey = all;
        }
        if (range.start() != null) all = all.tailMap(range.start(), true);
        return range.end() == null ? all : all.headMap(range.end(), false);
    }

    /// All changes, as they came.
    WriteBatch toBatch() {
        long bytes = 0;
        for (Row row : inOrder) bytes += row.key.length() + lengthOf(row.value);
        var batch = new WriteBatch();
        if (LARGE_BYTES < bytes) batch.reserve(inOrder.size() + FIGURES_MAX, bytes);
        for (Row row : inOrder) {
            if (row.value != null) batch.put(row.key, row.value);
            else batch.delete(row.key);
        }
        return batch;
    }
}
