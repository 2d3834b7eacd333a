package dev.holdfast.bench;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A store that has every object that it is asked for, all with the same content, and takes none.
final class OneObject implements ObjectStore {
    private final Bytes content;
    private final LongAdder reads = new LongAdder();

    OneObject(Bytes content) {
        this.content = content;
    }

    /// How often it was read.
    long reads() {
        return reads.sum();
    }

    @Override
    public @Nullable Bytes get(String name) {
        reads.increment();
        return content;
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        reads.increment();
        return content.slice((int) offset, (int) offset + length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        int to = (int) Math.min(content.length(), offset + lengthMax);
        return get(name, offset, to - (int) offset);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return new ObjectMeta(name, content.length(), 0, null);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return List.of();
    }

    @Override
    public void delete(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String url() {
        return "bench:";
    }

    @Override
    public void close() {
        // nothing is held
    }
}
