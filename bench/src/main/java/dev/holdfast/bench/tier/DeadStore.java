package dev.holdfast.bench.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store that swallows every put from a moment on: no answer comes until it gives up after ten
/// seconds, or is told that it is over. Thread-safe.
final class DeadStore extends ForwardingStore {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofMillis(20);

    private final Env env;
    private volatile boolean isDead;

    DeadStore(ObjectStore inner, Env env) {
        super(inner);
        this.env = env;
    }

    void die() {
        isDead = true;
    }

    void revive() {
        isDead = false;
    }

    private void swallow() {
        Deadline end = Deadline.after(env, PATIENCE);
        while (isDead) {
            if (end.isExpired()) throw new Unavailable("no answer", null);
            try {
                env.sleep(TICK);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new Unavailable("interrupted", interrupted);
            }
        }
    }

    @Override
    public @Nullable Bytes get(String name) {
        swallow();
        return inner.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        swallow();
        return inner.get(name, offset, length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        swallow();
        return inner.getUpTo(name, offset, lengthMax);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        swallow();
        return inner.put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        swallow();
        return inner.putIfAbsent(name, parts, putId);
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        swallow();
        return inner.head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        swallow();
        return inner.list(prefix, after, limit);
    }

    @Override
    public void delete(String name) {
        swallow();
        inner.delete(name);
    }
}
