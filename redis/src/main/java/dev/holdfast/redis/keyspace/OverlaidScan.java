package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A scan of stored pairs with staged rows laid over it: of one key the staged row holds, and a
/// staged removal hides the stored pair.
final class OverlaidScan implements Scan {
    private final Scan stored;
    private final Deque<Pair> staged;
    private final Order order;
    private Source source = Source.BOTH;
    private boolean hasStored;
    private @Nullable Pair head;
    private Bytes key = Bytes.EMPTY;
    private Bytes value = Bytes.EMPTY;

    /// A staged row.
    ///
    /// @param value null if it is to be removed
    record Pair(Bytes key, @Nullable Bytes value) {}

    /// What the current pair was taken from, and so must move before the next one.
    private enum Source {
        STORED,
        STAGED,
        BOTH
    }

    /// @param staged in the order of `stored`, which is `order`; used up
    OverlaidScan(Scan stored, Deque<Pair> staged, Order order) {
        this.stored = stored;
        this.staged = staged;
        this.order = order;
    }

    @Override
    public boolean next() {
        while (advance()) {
            if (source == Source.STORED) return take(stored.key(), stored.value());
            Pair row = head;
            if (row != null && row.value != null) return take(row.key, row.value);
        }
        return false;
    }

    // What one source holds ready while the other's pair is shown is not lost, unless it is passed.
    @Override
    public void seek(Bytes target) {
        boolean keepsHead =
                source == Source.STORED && head != null && compare(target, head.key) <= 0;
        boolean keepsStored =
                source == Source.STAGED && hasStored && compare(target, stored.key()) <= 0;
        if (!keepsStored) stored.seek(target);
        for (Pair next = staged.peek(); next != null && compare(next.key, target) < 0; ) {
            staged.poll();
            next = staged.peek();
        }
        if (!keepsHead && !keepsStored) source = Source.BOTH;
    }

    @Override
    public Bytes key() {
        return key;
    }

    @Override
    public Bytes value() {
        return value;
    }

    @Override
    public void close() {
        stored.close();
    }

    private boolean take(Bytes key, Bytes value) {
        this.key = key;
        this.value = value;
        return true;
    }

    private int compare(Bytes one, Bytes other) {
        return order == Order.ASCENDING ? one.compareTo(other) : other.compareTo(one);
    }

    // Moves what was shown last, then chooses the lesser head.
    private boolean advance() {
        if (source != Source.STAGED) hasStored = stored.next();
        if (source != Source.STORED) head = staged.poll();
        if (head == null) source = Source.STORED;
        else if (!hasStored) source = Source.STAGED;
        else {
            int order = compare(stored.key(), head.key);
            source = order < 0 ? Source.STORED : order > 0 ? Source.STAGED : Source.BOTH;
        }
        return hasStored || head != null;
    }
}
