package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.write.BatchWriter;
import dev.holdfast.format.row.RowFlags;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one transaction has written so far, by key. Not thread-safe.
final class OwnWrites {
    private static final int ROW_BYTES = 16; // what a row of a batch takes besides, at most

    private final TreeMap<Bytes, Own> newest = new TreeMap<>();
    private long bytes;
    private int count;

    /// One write: the `number`th of its transaction.
    ///
    /// @param flags those of [RowFlags]; with an expiry only if its time is known already
    /// @param older the write of the same key before it
    record Own(int number, int flags, Bytes value, Expiry expiry, @Nullable Own older) {
        boolean isMerge() {
            return (flags & RowFlags.MERGE) != 0;
        }

        boolean isTombstone() {
            return (flags & RowFlags.TOMBSTONE) != 0;
        }

        boolean isHiddenAt(long nowMillis) {
            return isTombstone() || isExpiredAt(nowMillis);
        }

        boolean isExpiredAt(long nowMillis) {
            return (flags & RowFlags.HAS_EXPIRY) != 0 && expiry.millis() <= nowMillis;
        }
    }

    void put(Bytes key, Bytes value, Expiry expiry) {
        add(key, value, 0, expiry);
    }

    void merge(Bytes key, Bytes operand, Expiry expiry) {
        add(key, operand, RowFlags.MERGE, expiry);
    }

    void delete(Bytes key) {
        add(key, Bytes.EMPTY, RowFlags.TOMBSTONE, Expiry.never());
    }

    private void add(Bytes key, Bytes value, int kind, Expiry expiry) {
        int flags = kind | (expiry.kind() == Expiry.Kind.AT ? RowFlags.HAS_EXPIRY : 0);
        long more = bytes + ROW_BYTES + key.length() + value.length();
        if (BatchWriter.BATCH_BYTES_MAX < more)
            throw new Invalid("transaction too large. bytes=`" + more + "`", null);
        Own older = newest.get(key);
        newest.put(key, new Own(++count, flags, value, expiry, older));
        bytes = more;
    }

    /// The last write of `key`; null if there is none.
    @Nullable Own newest(Bytes key) {
        return newest.get(key);
    }

    /// The next key from `key` on in `order`, or `key` itself if that may be; null if there is
    /// none. A null `key` stands before all.
    Map.@Nullable Entry<Bytes, Own> step(@Nullable Bytes key, Order order, Inclusion inclusion) {
        boolean isIn = inclusion == Inclusion.INCLUDED;
        return switch (order) {
            case ASCENDING -> {
                if (key == null) yield newest.firstEntry();
                yield isIn ? newest.ceilingEntry(key) : newest.higherEntry(key);
            }
            case DESCENDING -> {
                if (key == null) yield newest.lastEntry();
                yield isIn ? newest.floorEntry(key) : newest.lowerEntry(key);
            }
        };
    }

    /// Whether a walk may show the key that it is sent to.
    enum Inclusion {
        INCLUDED,
        EXCLUDED
    }

    /// The number of the last write.
    int count() {
        return count;
    }

    boolean isEmpty() {
        return newest.isEmpty();
    }

    /// Every key, least first.
    Iterable<Bytes> keys() {
        return newest.keySet();
    }

    /// All that has to be written, as one batch: of each key what still counts.
    WriteBatch toBatch() {
        var batch = new WriteBatch();
        newest.forEach((key, own) -> addTo(batch, key, own));
        return batch;
    }

    private static void addTo(WriteBatch batch, Bytes key, Own own) {
        Deque<Own> rows = new ArrayDeque<>();
        for (Own each = own; each != null; each = each.isMerge() ? each.older() : null)
            rows.push(each);
        for (Own each : rows) {
            if (each.isTombstone()) batch.delete(key);
            else if (each.isMerge()) batch.merge(key, each.value(), each.expiry());
            else batch.put(key, each.value(), each.expiry());
        }
    }
}
