package dev.holdfast.objectstore.retry;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Repeats calls that were not answered, with pauses drawn at random up to a doubling bound.
///
/// Invariants:
/// 1. A call that is refused or invalid is not repeated.
/// 2. After one attempt ended unknown, a put never ends as failed: only as stored, as taken by
///    another, or as unknown.
/// 3. "The name is taken" after an unknown attempt is settled by the put id alone. Where the store
///    keeps none it stays unknown: the caller can read the object and knows what proves ownership,
///    equal bytes in general do not.
public final class RetryingStore implements ObjectStore {
    private final ObjectStore inner;
    private final Repeater repeater;

    public RetryingStore(ObjectStore inner, RetryPolicy policy, Env env) {
        this.inner = inner;
        repeater = new Repeater(policy, env);
    }

    @Override
    public @Nullable Bytes get(String name) {
        return repeater.repeat("get", name, () -> inner.get(name));
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return repeater.repeat("get", name, () -> inner.get(name, offset, length));
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        return repeater.repeat("get", name, () -> inner.getUpTo(name, offset, lengthMax));
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return putRepeatedly("put", name, () -> inner.put(name, parts), null);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return putRepeatedly(
                "putIfAbsent", name, () -> inner.putIfAbsent(name, parts, putId), putId);
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return repeater.repeat("head", name, () -> inner.head(name));
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return repeater.repeat("list", prefix, () -> inner.list(prefix, after, limit));
    }

    @Override
    public void delete(String name) {
        repeater.repeat(
                "delete",
                name,
                () -> {
                    inner.delete(name);
                    return null;
                });
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
    public void close() {
        inner.close();
    }

    @Override
    public int removeUnfinished(String prefix, long beforeMillis) {
        return repeater.repeat(
                "removeUnfinished", prefix, () -> inner.removeUnfinished(prefix, beforeMillis));
    }

    @Override
    public StoreTraffic traffic() {
        return inner.traffic().with(repeater.retries());
    }

    private PutResult putRepeatedly(
            String what, String name, Supplier<PutResult> call, @Nullable Ulid putId) {
        var patience = repeater.patience(what, name);
        Unknown unknown = null;
        while (true) {
            RuntimeException failure;
            try {
                switch (call.get()) {
                    case Stored stored -> {
                        patience.answered();
                        return stored;
                    }
                    case AlreadyExists taken -> {
                        return unknown == null ? taken : settle(name, unknown, putId);
                    }
                    case Unknown lost -> unknown = lost;
                }
                failure = unknown.cause();
            } catch (Unavailable unavailable) {
                failure = unavailable;
            } catch (ObjectStoreException refusedOrInvalid) {
                if (unknown == null) throw refusedOrInvalid;
                return unknown;
            }
            if (patience.pauseAfter(failure)) continue;
            if (unknown != null) return unknown;
            throw failure;
        }
    }

    // The name is taken, and one of our own attempts may have taken it.
    private PutResult settle(String name, Unknown unknown, @Nullable Ulid putId) {
        try {
            ObjectMeta found = head(name);
            if (found == null || found.putId() == null) return unknown;
            return found.putId().equals(putId)
                    ? new Stored(Durable.confirmed(name))
                    : new AlreadyExists();
        } catch (ObjectStoreException unanswered) {
            return unknown;
        }
    }
}
