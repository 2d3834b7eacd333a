package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;

/// A store that passes everything on, for tests that change one thing.
public class ForwardingStore implements ObjectStore {
    protected final ObjectStore inner;

    protected ForwardingStore(ObjectStore inner) {
        this.inner = inner;
    }

    @Override
    public Bytes get(String name) {
        return inner.get(name);
    }

    @Override
    public Bytes get(String name, long offset, int length) {
        return inner.get(name, offset, length);
    }

    @Override
    public Bytes getUpTo(String name, long offset, int lengthMax) {
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
    public ObjectMeta head(String name) {
        return inner.head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, String after, int limit) {
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
