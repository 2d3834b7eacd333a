package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.StoreTraffic;
import dev.holdfast.objectstore.cached.PartFetch.Outcome;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store, with parts of its immutable objects kept on a local disk.
///
/// Ranges of objects that `isKept` names are read from the disk if they are there, and otherwise
/// fetched by whole parts, which stay. All else passes through. Only objects that are never written
/// twice with different content may be named: tables, no manifests and no log.
///
/// Invariants:
/// 1. What is served from the disk was fetched from this store, of this object, and has not changed
///    since: each chunk is proved by its checksum before it is served.
/// 2. Whatever the disk does, a read ends as it would without it.
/// 3. Of any number of readers of a part that is not there, one fetches it.
///
/// Nothing is kept before [#openCache]. Thread-safe. Closes the store that it stands before.
public final class CachedStore implements CachingStore {
    private static final int RANGE_MAX = 16 << 20; // what is longer is not for a cache

    private final ObjectStore inner;
    private final Predicate<String> isKept;
    private final DiskParts disk;
    private final Env env;
    private final Token token;
    private final int partBytes;
    private final ObjectStore bulk = new CachedView(this, Manner.BULK);
    private final ObjectStore index = new CachedView(this, Manner.INDEX);
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /// @param isKept tells by its name whether an object is immutable, and worth keeping
    public CachedStore(
            ObjectStore inner,
            Predicate<String> isKept,
            DiskCacheSettings settings,
            Disk disk,
            Env env) {
        this.inner = inner;
        this.isKept = isKept;
        this.env = env;
        token = Token.standalone(env);
        partBytes = (int) settings.part().bytes();
        this.disk = new DiskParts(settings, disk, env);
    }

    @Override
    public Figures cacheFigures() {
        return new Figures(
                disk.bytes(),
                hits.sum(),
                misses.sum(),
                disk.evictions(),
                disk.damaged(),
                disk.failures());
    }

    @Override
    public @Nullable Bytes get(String name) {
        return inner.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return get(name, offset, length, Manner.DATA);
    }

    @Nullable Bytes get(String name, long offset, int length, Manner manner) {
        Arena arena = arenaFor(name, offset, length);
        var store = manner == Manner.BULK ? inner.forBulkReads() : inner;
        if (arena == null) return store.get(name, offset, length);
        PartRange range = range(name, offset, length);
        Outcome outcome = find(name, range, arena, manner);
        if (outcome == Outcome.NO_OBJECT) return null;
        Bytes found = outcome == Outcome.FOUND ? range.joined() : null;
        // The store knows best what is wrong with a request beyond the object's end.
        boolean isWhole = found != null && found.length() == length;
        return isWhole ? found : store.get(name, offset, length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        return getUpTo(name, offset, lengthMax, Manner.DATA);
    }

    @Nullable Bytes getUpTo(String name, long offset, int lengthMax, Manner manner) {
        Arena arena = arenaFor(name, offset, lengthMax);
        var store = manner == Manner.BULK ? inner.forBulkReads() : inner;
        if (arena == null) return store.getUpTo(name, offset, lengthMax);
        PartRange range = range(name, offset, lengthMax);
        Outcome outcome = find(name, range, arena, manner);
        if (outcome == Outcome.NO_OBJECT) return null;
        Bytes found = outcome == Outcome.FOUND ? range.joined() : null;
        return found == null ? store.getUpTo(name, offset, lengthMax) : found;
    }

    // Null if the range is none of ours.
    private @Nullable Arena arenaFor(String name, long offset, int length) {
        boolean isOurs =
                0 <= offset
                        && 0 < length
                        && length <= RANGE_MAX
                        && offset / partBytes <= Integer.MAX_VALUE - RANGE_MAX
                        && isKept.test(name);
        return isOurs ? disk.arena() : null;
    }

    private PartRange range(String name, long offset, int length) {
        return new PartRange(objectOf(name), offset, length, partBytes);
    }

    private String objectOf(String name) {
        return inner.url() + "\n" + name;
    }

    private Outcome find(String name, PartRange range, Arena arena, Manner manner) {
        boolean isWhole = true;
        for (int i = 0; i < range.count(); i++) {
            PartKey key = range.key(i);
            Part part =
                    manner == Manner.BULK
                            ? arena.table().pinInPassing(key)
                            : arena.table().pin(key, manner.worth());
            Bytes piece = part == null ? null : disk.read(arena, part, range, i);
            if (piece == null) isWhole = false;
            else range.set(i, piece);
            if (piece != null) hits.increment();
        }
        if (isWhole) return Outcome.FOUND;
        if (manner == Manner.BULK) return Outcome.NOT_HERE;
        var fetch = new PartFetch(inner, name, range, disk, arena);
        try {
            return fetch.run(manner.worth(), env, token);
        } finally {
            hits.add(fetch.hits());
            misses.add(fetch.misses());
        }
    }

    // Whoever writes or deletes an object has no use for what was kept of it.
    private void forget(String name) {
        if (isKept.test(name)) disk.forget(ObjectKey.of(objectOf(name)));
    }

    @Override
    public void doubt(String name) {
        forget(name);
        inner.doubt(name);
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
    public ObjectStore forBulkReads() {
        return bulk;
    }

    @Override
    public ObjectStore forIndexReads() {
        return index;
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        forget(name);
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
        forget(name);
        inner.delete(name);
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public @Nullable String elsewhere(String name) {
        return inner.elsewhere(name);
    }

    @Override
    public void openCache() {
        disk.open();
    }

    @Override
    public void closeCache() {
        disk.close();
    }

    @Override
    public void close() {
        closeCache();
        inner.close();
    }
}
