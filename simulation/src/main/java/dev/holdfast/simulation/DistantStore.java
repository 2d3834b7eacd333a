package dev.holdfast.simulation;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An object store at the other end of a network: every request and every reply takes its time, and
/// whoever is killed between the two never learns what became of the request.
///
/// Every call is traced, so that the hash of a run holds what the store saw.
public final class DistantStore implements ObjectStore {
    private final ObjectStore inner;
    private final Simulation simulation;
    private final Env env;
    private final Duration wayMax;

    /// @param wayMax the longest that a request, or a reply, is on its way
    public DistantStore(ObjectStore inner, Simulation simulation, Duration wayMax) {
        this.inner = inner;
        this.simulation = simulation;
        this.wayMax = wayMax;
        env = simulation.world();
    }

    @Override
    public @Nullable Bytes get(String name) {
        return call("get " + name, () -> inner.get(name));
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return call("get part of " + name, () -> inner.get(name, offset, length));
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        return call("get part of " + name, () -> inner.getUpTo(name, offset, lengthMax));
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return call("put " + name, () -> inner.put(name, parts));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return call("create " + name, () -> inner.putIfAbsent(name, parts, putId));
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return call("head " + name, () -> inner.head(name));
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return call("list " + prefix, () -> inner.list(prefix, after, limit));
    }

    @Override
    public void delete(String name) {
        call("delete " + name, () -> deleted(name));
    }

    private boolean deleted(String name) {
        inner.delete(name);
        return true;
    }

    @Override
    public String url() {
        return "simulated:" + inner.url();
    }

    @Override
    public void close() {}

    private <T extends @Nullable Object> T call(String what, Supplier<T> request) {
        travel(what);
        simulation.trace(what);
        T reply = request.get();
        travel(what);
        return reply;
    }

    private void travel(String what) {
        try {
            env.sleep(Duration.ofNanos(1 + simulation.chance((int) wayMax.toNanos())));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException.Unavailable("interrupted: " + what, interrupted);
        }
    }
}
