package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Scan;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A scan of stored pairs with staged rows laid over it: of one key the staged row holds, and a
/// staged removal hides the stored pair.
final class OverlaidScan implements Scan {
    private final Scan stored;
    private final NavigableMap<Bytes, Optional<Bytes>> staged;
    private final @Nullable Comparator<? super Bytes> order; // null: least key first
    private Source source = Source.BOTH;
    private boolean hasStored;
    private Map.@Nullable Entry<Bytes, Optional<Bytes>> head;
    private Bytes key = Bytes.EMPTY;
    private Bytes value = Bytes.EMPTY;

    /// What the current pair was taken from, and so must move before the next one.
    private enum Source {
        STORED,
        STAGED,
        BOTH
    }

    /// @param staged in the order of `stored`; used up
    OverlaidScan(Scan stored, NavigableMap<Bytes, Optional<Bytes>> staged) {
        this.stored = stored;
        this.staged = staged;
        this.order = staged.comparator();
    }

    @Override
    public boolean next() {
        while (advance()) {
            if (source == Source.STORED) return take(stored.key(), stored.value());
            Map.Entry<Bytes, Optional<Bytes>> row = head;
            if (row != null && row.getValue().isPresent())
                return take(row.getKey(), row.getValue().get());
        }
        return false;
    }

    // What one source holds ready while the other's pair is shown is not lost, unless it is passed.
    @Override
    public void seek(Bytes target) {
        boolean keepsHead =
                source == Source.STORED && head != null && compare(target, head.getKey()) <= 0;
        boolean keepsStored =
                source == Source.STAGED && hasStored && compare(target, stored.key()) <= 0;
        if (!keepsStored) stored.seek(target);
        staged.headMap(target, false).clear();
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
        return order == null ? one.compareTo(other) : order.compare(one, other);
    }

    // Moves what was shown last, then chooses the lesser head.
    private boolean advance() {
        if (source != Source.STAGED) hasStored = stored.next();
        if (source != Source.STORED) head = staged.pollFirstEntry();
        if (head == null) source = Source.STORED;
        else if (!hasStored) source = Source.STAGED;
        else {
            int order = compare(stored.key(), head.getKey());
            source = order < 0 ? Source.STORED : order > 0 ? Source.STAGED : Source.BOTH;
        }
        return hasStored || head != null;
    }
}
