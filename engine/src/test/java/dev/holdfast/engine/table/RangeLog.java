package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store that writes down which ranges were read. Not thread-safe.
final class RangeLog implements ObjectStore {
    record Range(long offset, long end) {}

    final List<Range> ranges = new ArrayList<>();
    private final ObjectStore inner;

    RangeLog(ObjectStore inner) {
        this.inner = inner;
    }

    @Override
    public @Nullable Bytes get(String name) {
        return inner.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        ranges.add(new Range(offset, offset + length));
        return inner.get(name, offset, length);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return inner.put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return inner.putIfAbsent(name, parts, putId);
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return inner.head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return inner.list(prefix, after, limit);
    }

    @Override
    public void delete(String name) {
        inner.delete(name);
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public void close() {
        inner.close();
    }
}
