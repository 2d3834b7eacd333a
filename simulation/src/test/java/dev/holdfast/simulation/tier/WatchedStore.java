package dev.holdfast.simulation.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store beside which somebody looks after every change.
record WatchedStore(ObjectStore inner, Runnable changed) implements ObjectStore {
    @Override
    public PutResult put(String name, List<Bytes> parts) {
        try {
            return inner.put(name, parts);
        } finally {
            changed.run();
        }
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        try {
            return inner.putIfAbsent(name, parts, putId);
        } finally {
            changed.run();
        }
    }

    @Override
    public void delete(String name) {
        try {
            inner.delete(name);
        } finally {
            changed.run();
        }
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
    public @Nullable ObjectMeta head(String name) {
        return inner.head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return inner.list(prefix, after, limit);
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
