package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A store that answers nothing while it is dead or hangs, until it is told to answer again.
final class MoodyStore extends ForwardingStore {
    private volatile CountDownLatch hang = new CountDownLatch(0);
    private volatile boolean isDead;

    MoodyStore(ObjectStore inner) {
        super(inner);
    }

    void hang() {
        hang = new CountDownLatch(1);
    }

    void die() {
        isDead = true;
    }

    void answer() {
        isDead = false;
        hang.countDown();
    }

    private void pass() {
        try {
            if (!hang.await(60, TimeUnit.SECONDS)) throw new AssertionError("hangs for ever");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (isDead) throw new ObjectStoreException.Unavailable("the store is dead", null);
    }

    @Override
    public Bytes get(String name) {
        pass();
        return super.get(name);
    }

    @Override
    public Bytes get(String name, long offset, int length) {
        pass();
        return super.get(name, offset, length);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        pass();
        return super.put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        pass();
        return super.putIfAbsent(name, parts, putId);
    }

    @Override
    public ObjectMeta head(String name) {
        pass();
        return super.head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, String after, int limit) {
        pass();
        return super.list(prefix, after, limit);
    }
}
