package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A store whose puts hang, while it is told to, until it is told to go on.
final class StallingStore extends ForwardingStore {
    private volatile CountDownLatch stall = new CountDownLatch(0);
    private volatile String names = "";

    StallingStore(ObjectStore inner) {
        super(inner);
    }

    void stall() {
        stallNames("");
    }

    /// Only puts of objects that have `part` in their names.
    void stallNames(String part) {
        names = part;
        stall = new CountDownLatch(1);
    }

    void goOn() {
        stall.countDown();
    }

    private void pass(String name) {
        if (!name.contains(names)) return;
        try {
            if (!stall.await(60, TimeUnit.SECONDS)) throw new AssertionError("stalled for ever");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        pass(name);
        return super.put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        pass(name);
        return super.putIfAbsent(name, parts, putId);
    }
}
