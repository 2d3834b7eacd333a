package dev.holdfast.objectstore.memory;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Objects in memory, with their attributes: as durable as the process.
///
/// Closing it changes nothing, so that a database can be closed and opened again on it.
public final class MemoryStore implements ObjectStore {
    // Names are ASCII, so the order of strings is the order of bytes.
    private final ConcurrentNavigableMap<String, StoredObject> objects =
            new ConcurrentSkipListMap<>();
    private final Env env;

    /// An empty store with the real clock.
    public MemoryStore() {
        this(Env.system());
    }

    /// An empty store with the clock of `env`.
    public MemoryStore(Env env) {
        this.env = env;
    }

    @Override
    public @Nullable Bytes get(String name) {
        StoredObject object = objects.get(ObjectNames.check(name));
        return object == null ? null : object.body;
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        Bytes whole = get(name);
        if (whole == null) return null;
        if (offset < 0 || length < 0 || whole.length() - length < offset)
            throw new ObjectStoreException.Invalid(
                    "range beyond the end. name=`%s`, offset=`%d`, length=`%d`, size=`%d`"
                            .formatted(name, offset, length, whole.length()),
                    null);
        return whole.slice((int) offset, (int) offset + length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        Bytes whole = get(name);
        if (whole == null) return null;
        int from = (int) Math.min(offset, whole.length());
        return whole.slice(from, (int) Math.min(whole.length(), (long) from + lengthMax));
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        objects.put(ObjectNames.check(name), object(parts, null));
        return new Stored(Durable.confirmed(name));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        StoredObject earlier = objects.putIfAbsent(ObjectNames.check(name), object(parts, putId));
        return earlier == null ? new Stored(Durable.confirmed(name)) : new AlreadyExists();
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        StoredObject object = objects.get(ObjectNames.check(name));
        return object == null ? null : object.meta(name, object.putId);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        require(1 <= limit && limit <= LIST_LIMIT_MAX, "limit out of range: %d", limit);
        ObjectNames.checkPrefix(prefix);
        var from =
                after == null || after.compareTo(prefix) < 0
                        ? objects.tailMap(prefix, true)
                        : objects.tailMap(after, false);
        return from.entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .limit(limit)
                .map(entry -> entry.getValue().meta(entry.getKey(), null))
                .toList();
    }

    @Override
    public void delete(String name) {
        objects.remove(ObjectNames.check(name));
    }

    @Override
    public String url() {
        return "memory:";
    }

    @Override
    public void close() {}

    private StoredObject object(List<Bytes> parts, @Nullable Ulid putId) {
        return new StoredObject(joined(parts), env.currentTimeMillis(), putId);
    }

    private static Bytes joined(List<Bytes> parts) {
        byte[] whole = new byte[Math.toIntExact(parts.stream().mapToLong(Bytes::length).sum())];
        int at = 0;
        for (Bytes part : parts) {
            part.copyTo(whole, at);
            at += part.length();
        }
        return Bytes.wrap(whole);
    }

    private record StoredObject(Bytes body, long storedAtMillis, @Nullable Ulid putId) {
        ObjectMeta meta(String name, @Nullable Ulid shownPutId) {
            return new ObjectMeta(name, body.length(), storedAtMillis, shownPutId);
        }
    }
}
