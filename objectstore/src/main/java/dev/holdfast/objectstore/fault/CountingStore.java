package dev.holdfast.objectstore.fault;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Counts the calls made to a store, by what they do.
public final class CountingStore extends ForwardingStore {
    private final AtomicLongArray counts = new AtomicLongArray(Operation.values().length);

    /// Counts calls to an empty store in memory.
    public CountingStore() {
        this(new MemoryStore());
    }

    public CountingStore(ObjectStore inner) {
        super(inner);
    }

    /// How many calls there were, of every kind.
    public long calls() {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) sum += counts.get(i);
        return sum;
    }

    /// How many calls there were of one kind.
    public long calls(Operation operation) {
        return counts.get(operation.ordinal());
    }

    @Override
    public @Nullable Bytes get(String name) {
        count(Operation.GET);
        return inner.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        count(Operation.GET);
        return inner.get(name, offset, length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        count(Operation.GET);
        return inner.getUpTo(name, offset, lengthMax);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        count(Operation.PUT);
        return inner.put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        count(Operation.PUT_IF_ABSENT);
        return inner.putIfAbsent(name, parts, putId);
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        count(Operation.HEAD);
        return inner.head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        count(Operation.LIST);
        return inner.list(prefix, after, limit);
    }

    @Override
    public void delete(String name) {
        count(Operation.DELETE);
        inner.delete(name);
    }

    private void count(Operation operation) {
        counts.incrementAndGet(operation.ordinal());
    }
}
