package dev.holdfast.objectstore;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Two stores as one: objects below one folder lie in the other store, and only there.
///
/// A listing is of one of both: a prefix that begins with the folder is the other store's, any
/// other is the first one's. Traffic is that of the first. Closing closes both.
final class RoutedStore implements ObjectStore {
    private final ObjectStore usual;
    private final ObjectStore other;
    private final String folder;

    /// @param folder ends with a slash
    RoutedStore(ObjectStore usual, ObjectStore other, String folder) {
        require(folder.endsWith("/"), "not a folder: %s", folder);
        this.usual = usual;
        this.other = other;
        this.folder = folder;
    }

    private ObjectStore of(String name) {
        return name.startsWith(folder) ? other : usual;
    }

    @Override
    public @Nullable Bytes get(String name) {
        return of(name).get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return of(name).get(name, offset, length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        return of(name).getUpTo(name, offset, lengthMax);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return of(name).put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return of(name).putIfAbsent(name, parts, putId);
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return of(name).head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return of(prefix).list(prefix, after, limit);
    }

    @Override
    public void delete(String name) {
        of(name).delete(name);
    }

    @Override
    public int removeUnfinished(String prefix, long beforeMillis) {
        int inUsual = usual.removeUnfinished(prefix, beforeMillis);
        boolean isBoth = folder.startsWith(prefix) || prefix.startsWith(folder);
        return inUsual + (isBoth ? other.removeUnfinished(folder, beforeMillis) : 0);
    }

    @Override
    public StoreTraffic traffic() {
        return usual.traffic();
    }

    @Override
    public ObjectStore forBulkReads() {
        return new RoutedStore(usual.forBulkReads(), other.forBulkReads(), folder);
    }

    @Override
    public ObjectStore forIndexReads() {
        return new RoutedStore(usual.forIndexReads(), other.forIndexReads(), folder);
    }

    @Override
    public void doubt(String name) {
        of(name).doubt(name);
    }

    @Override
    public String url() {
        return usual.url();
    }

    @Override
    public @Nullable String elsewhere(String name) {
        return of(name) == other ? other.url() : usual.elsewhere(name);
    }

    @Override
    public void close() {
        try {
            usual.close();
        } finally {
            other.close();
        }
    }
}
