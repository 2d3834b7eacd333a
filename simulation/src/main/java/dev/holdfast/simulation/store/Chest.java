package dev.holdfast.simulation.store;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What lies in the simulated store, and how much of it is shown: what was stored a moment ago may
/// not be found yet, and attributes may not be kept.
final class Chest {
    /// What becomes of the attributes that objects are put with.
    enum Attributes {
        KEPT,
        DROPPED
    }

    private final ObjectStore objects;
    private final Env env;
    private final Attributes attributes;
    private final Map<String, Long> storedAtNanos = new HashMap<>();
    private final Map<String, Long> hiddenUntilNanos = new HashMap<>();
    private @Nullable Chest earlier;

    Chest(Env env, Attributes attributes) {
        this.env = env;
        this.attributes = attributes;
        objects = ObjectStores.open("memory:", env);
    }

    ObjectStore atRest() {
        return objects;
    }

    /// Makes `name` impossible to find by it for `lag`.
    void hide(String name, Duration lag) {
        hiddenUntilNanos.put(name, env.nanoTime() + lag.toNanos());
    }

    private boolean isHidden(String name) {
        Long until = hiddenUntilNanos.get(name);
        return until != null && env.nanoTime() < until;
    }

    /// True if `name` was stored less than `lag` ago.
    boolean isYoung(String name, Duration lag) {
        Long at = storedAtNanos.get(name);
        return at != null && env.nanoTime() - at < lag.toNanos();
    }

    /// What objects were before they were replaced; null if none ever was.
    @Nullable Chest earlier() {
        return earlier;
    }

    /// The object before `name` in the same directory; null if there is none.
    @Nullable String neighbour(String name) {
        String directory = name.substring(0, name.lastIndexOf('/') + 1);
        String before = null;
        for (ObjectMeta each : objects.list(directory, null, ObjectStore.LIST_LIMIT_MAX)) {
            if (each.name().compareTo(name) >= 0) break;
            before = each.name();
        }
        return before;
    }

    /// Changes the bytes of an object where it lies, and nothing else about it.
    void rot(String name, Bytes body) {
        ObjectMeta before = objects.head(name);
        objects.delete(name);
        if (before == null || before.putId() == null) objects.put(name, List.of(body));
        else objects.putIfAbsent(name, List.of(body), before.putId());
    }

    @Nullable Bytes get(String name) {
        return isHidden(name) ? null : objects.get(name);
    }

    @Nullable Bytes get(String name, long offset, int length) {
        return isHidden(name) ? null : objects.get(name, offset, length);
    }

    PutResult put(String name, List<Bytes> parts) {
        Bytes before = objects.get(name);
        PutResult result = objects.put(name, parts);
        storedAtNanos.put(name, env.nanoTime());
        Bytes after = objects.get(name);
        if (before != null && !before.equals(after)) {
            if (earlier == null) earlier = new Chest(env, attributes);
            earlier.put(name, List.of(before));
        }
        return result;
    }

    PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        PutResult result = objects.putIfAbsent(name, parts, putId);
        if (result instanceof PutResult.Stored) storedAtNanos.put(name, env.nanoTime());
        return result;
    }

    @Nullable ObjectMeta head(String name) {
        ObjectMeta found = isHidden(name) ? null : objects.head(name);
        if (found == null || attributes == Attributes.KEPT) return found;
        return new ObjectMeta(found.name(), found.size(), found.lastModifiedMillis(), null);
    }

    List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return objects.list(prefix, after, limit);
    }

    void delete(String name) {
        objects.delete(name);
    }
}
