package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import org.jspecify.annotations.Nullable;

/// A view of what cannot change any more: it shows only what is durable, so there is nothing to
/// wait for.
record Look(Reads reads) implements ReadView {
    @Override
    public @Nullable Bytes get(Bytes key) {
        return reads.get(key);
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return reads.scan(range, order);
    }

    @Override
    public long seq() {
        return 0;
    }

    @Override
    public long observedSeq() {
        return 0;
    }

    @Override
    public void close() {}
}
