package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Rows about to be written over a view: reads see them as if they were there. Not thread-safe.
final class StagedRows {
    private final ReadView view;
    private final NavigableMap<Bytes, Optional<Bytes>> rows = new TreeMap<>();

    StagedRows(ReadView view) {
        this.view = view;
    }

    void put(Bytes rowKey, Bytes value) {
        rows.put(rowKey, Optional.of(value));
    }

    void delete(Bytes rowKey) {
        rows.put(rowKey, Optional.empty());
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void clear() {
        rows.clear();
    }

    @Nullable Bytes get(Bytes rowKey) {
        if (rows.isEmpty()) return view.get(rowKey);
        Optional<Bytes> staged = rows.get(rowKey);
        return staged == null ? view.get(rowKey) : staged.orElse(null);
    }

    /// The pairs of `range`, least key first, as they stand at this call. Closing it closes the
    /// view's scan.
    Scan scan(KeyRange range) {
        return scan(range, Order.ASCENDING);
    }

    /// The pairs of `range` in `order`, as they stand at this call.
    Scan scan(KeyRange range, Order order) {
        Scan stored = view.scan(range, order);
        NavigableMap<Bytes, Optional<Bytes>> staged = within(range);
        if (staged.isEmpty()) return stored;
        // The order comes with the copy.
        return new OverlaidScan(
                stored, new TreeMap<>(order == Order.ASCENDING ? staged : staged.descendingMap()));
    }

    WriteBatch toBatch() {
        var batch = new WriteBatch();
        for (Map.Entry<Bytes, Optional<Bytes>> row : rows.entrySet()) {
            if (row.getValue().isPresent()) batch.put(row.getKey(), row.getValue().get());
            else batch.delete(row.getKey());
        }
        return batch;
    }

    private NavigableMap<Bytes, Optional<Bytes>> within(KeyRange range) {
        if (rows.isEmpty() || range.isEmpty()) return new TreeMap<>();
        NavigableMap<Bytes, Optional<Bytes>> part = rows;
        if (range.start() != null) part = part.tailMap(range.start(), true);
        return range.end() == null ? part : part.headMap(range.end(), false);
    }
}
