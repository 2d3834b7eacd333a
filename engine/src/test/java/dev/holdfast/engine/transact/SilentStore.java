package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.ForwardingStore;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A store whose puts are not answered while it is silent.
final class SilentStore extends ForwardingStore {
    private volatile CountDownLatch silence = new CountDownLatch(0);

    SilentStore(ObjectStore inner) {
        super(inner);
    }

    void fallSilent() {
        silence = new CountDownLatch(1);
    }

    void speak() {
        silence.countDown();
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        try {
            if (!silence.await(60, TimeUnit.SECONDS)) throw new AssertionError("silent for ever");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return super.putIfAbsent(name, parts, putId);
    }
}
