package dev.holdfast.objectstore.fault;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store that passes every call on, for those that change one thing.
///
/// Its views for bulk and index reads are itself, so that no call goes past whoever extends it.
public class ForwardingStore implements ObjectStore {
    protected final ObjectStore inner;

    protected ForwardingStore(ObjectStore inner) {
        this.inner = inner;
    }

    @Override
    public @Nullable Bytes get(String name) {
        return inner.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return inner.get(name, offset, length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        return inner.getUpTo(name, offset, lengthMax);
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
    public int removeUnfinished(String prefix, long beforeMillis) {
        return inner.removeUnfinished(prefix, beforeMillis);
    }

    @Override
    public StoreTraffic traffic() {
        return inner.traffic();
    }

    @Override
    public void doubt(String name) {
        inner.doubt(name);
    }

    @Override
    public @Nullable String elsewhere(String name) {
        return inner.elsewhere(name);
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
