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
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Rows about to be written over a view: reads see them as if they were there. Not thread-safe.
final class StagedRows {
    private static final int ROW_BYTES = 160; // beside key and value
    private static final int FIGURES_MAX = 64; // rows that a commit adds, at most
    private static final long LARGE_BYTES = 64 << 10;

    private final ReadView view;
    private final Allowance.Share share;
    private final NavigableMap<Bytes, Optional<Bytes>> rows = new TreeMap<>();
    private final Deque<Map<Bytes, @Nullable Optional<Bytes>>> before =
            new ArrayDeque<>(); // by mark
    private long changes;
    private boolean refusesScans;

    /// Takes rows one after another.
    @FunctionalInterface
    interface RowTaker {
        void take(Bytes rowKey, Bytes value);
    }

    StagedRows(ReadView view, Allowance.Share share) {
        this.view = view;
        this.share = share;
    }

    void put(Bytes rowKey, Bytes value) {
        stage(rowKey, Optional.of(value));
    }

    void delete(Bytes rowKey) {
        stage(rowKey, Optional.empty());
    }

    private void stage(Bytes rowKey, Optional<Bytes> value) {
        share.hold(bytesOf(rowKey, value));
        boolean isRemembered = remember(rowKey);
        changes++;
        Optional<Bytes> replaced = rows.put(rowKey, value);
        if (replaced != null && !isRemembered) share.release(bytesOf(rowKey, replaced));
    }

    // Once as it is here, and once in the batch that it becomes.
    private static long bytesOf(Bytes rowKey, Optional<Bytes> value) {
        return ROW_BYTES + 2L * (rowKey.length() + lengthOf(value));
    }

    private static int lengthOf(Optional<Bytes> value) {
        return value.isPresent() ? value.get().length() : 0;
    }

    /// Notes from now on what [#backToMark] has to bring back.
    void mark() {
        before.push(new HashMap<>());
    }

    /// Takes the latest mark away; what changed since then changed since the one before.
    void unmark() {
        Map<Bytes, @Nullable Optional<Bytes>> changed = before.pop();
        Map<Bytes, @Nullable Optional<Bytes>> outer = before.peek();
        if (outer == null) return;
        for (Map.Entry<Bytes, @Nullable Optional<Bytes>> row : changed.entrySet())
            if (!outer.containsKey(row.getKey())) outer.put(row.getKey(), row.getValue());
    }

    /// Undoes all changes since the latest mark, and takes it away.
    void backToMark() {
        for (Map.Entry<Bytes, @Nullable Optional<Bytes>> row : before.pop().entrySet()) {
            Optional<Bytes> value = row.getValue();
            if (value == null) rows.remove(row.getKey());
            else rows.put(row.getKey(), value);
        }
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /// True between [#mark] and its end.
    boolean isMarked() {
        return !before.isEmpty();
    }

    /// How many changes were made so far, undone ones included.
    long changes() {
        return changes;
    }

    void clear() {
        rows.clear();
    }

    @Nullable Bytes get(Bytes rowKey) {
        if (rows.isEmpty()) return view.get(rowKey);
        Optional<Bytes> staged = rows.get(rowKey);
        return staged == null ? view.get(rowKey) : staged.orElse(null);
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
        NavigableMap<Bytes, Optional<Bytes>> staged = within(range);
        if (staged.isEmpty()) return stored;
        // The order comes with the copy.
        return new OverlaidScan(
                stored, new TreeMap<>(order == Order.ASCENDING ? staged : staged.descendingMap()));
    }

    WriteBatch toBatch() {
        long bytes = 0;
        for (Map.Entry<Bytes, Optional<Bytes>> row : rows.entrySet())
            bytes += row.getKey().length() + lengthOf(row.getValue());
        var batch = new WriteBatch();
        if (LARGE_BYTES < bytes) batch.reserve(rows.size() + FIGURES_MAX, bytes);
        for (Map.Entry<Bytes, Optional<Bytes>> row : rows.entrySet()) {
            if (row.getValue().isPresent()) batch.put(row.getKey(), row.getValue().get());
            else batch.delete(row.getKey());
        }
        return batch;
    }

    // False if nothing has to be brought back, or if that was noted before.
    private boolean remember(Bytes rowKey) {
        Map<Bytes, @Nullable Optional<Bytes>> latest = before.peek();
        if (latest == null || latest.containsKey(rowKey)) return false;
        latest.put(rowKey, rows.get(rowKey));
        return true;
    }

    private NavigableMap<Bytes, Optional<Bytes>> within(KeyRange range) {
        if (rows.isEmpty() || range.isEmpty()) return new TreeMap<>();
        NavigableMap<Bytes, Optional<Bytes>> part = rows;
        if (range.start() != null) part = part.tailMap(range.start(), true);
        return range.end() == null ? part : part.headMap(range.end(), false);
    }
}
