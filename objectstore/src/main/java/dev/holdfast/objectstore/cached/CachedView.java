package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cached store as it is for reads of one manner. Closing it does nothing.
record CachedView(CachedStore store, Manner manner) implements ObjectStore {
    @Override
    public @Nullable Bytes get(String name) {
        return store.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return store.get(name, offset, length, manner);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        return store.getUpTo(name, offset, lengthMax, manner);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return store.put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return store.putIfAbsent(name, parts, putId);
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return store.head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return store.list(prefix, after, limit);
    }

    @Override
    public void delete(String name) {
        store.delete(name);
    }

    @Override
    public int removeUnfinished(String prefix, long beforeMillis) {
        return store.removeUnfinished(prefix, beforeMillis);
    }

    @Override
    public StoreTraffic traffic() {
        return store.traffic();
    }

    @Override
    public ObjectStore forBulkReads() {
        return store.forBulkReads();
    }

    @Override
    public ObjectStore forIndexReads() {
        return manner == Manner.BULK ? this : store.forIndexReads();
    }

    @Override
    public void doubt(String name) {
        store.doubt(name);
    }

    @Override
    public String url() {
        return store.url();
    }

    @Override
    public @Nullable String elsewhere(String name) {
        return store.elsewhere(name);
    }

    @Override
    public void close() {
        // whoever has the store closes it
    }
}
