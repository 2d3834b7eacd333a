package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A store whose puts fare as its mood is.
final class UnkindStore extends ForwardingStore {
    /// What becomes of a put.
    enum Mood {
        /// It is done.
        KIND,
        /// It gets no answer, until the mood changes.
        HANGS,
        /// It is refused until a person acts.
        REFUSES,
        /// It is not done, and the answer says so.
        FAILS,
        /// It is done, after a while.
        DRIPS,
        /// It is done, and the answer is lost.
        LOSES_ANSWERS,
        /// It is done, unless it is a table: that gets no answer.
        TAKES_NO_TABLES
    }

    private volatile Mood mood = Mood.KIND;
    private volatile CountDownLatch change = new CountDownLatch(1);
    private final AtomicInteger puts = new AtomicInteger();

    UnkindStore(ObjectStore inner) {
        super(inner);
    }

    void become(Mood next) {
        mood = next;
        CountDownLatch old = change;
        change = new CountDownLatch(1);
        old.countDown();
    }

    /// How many puts were asked for.
    int puts() {
        return puts.get();
    }

    private PutResult unkindly(String name, Supplier<PutResult> put) {
        puts.incrementAndGet();
        Mood now = mood;
        if (now == Mood.TAKES_NO_TABLES)
            now = name.contains("/compacted/") ? Mood.HANGS : Mood.KIND;
        return switch (now) {
            case KIND, TAKES_NO_TABLES -> put.get();
            case HANGS -> {
                pause(60_000);
                throw new ObjectStoreException.Unavailable("no answer", null);
            }
            case REFUSES -> throw new ObjectStoreException.Refused("no such bucket", null);
            case FAILS -> throw new ObjectStoreException.Unavailable("internal error", null);
            case DRIPS -> {
                pause(100);
                yield put.get();
            }
            case LOSES_ANSWERS -> {
                put.get();
                yield new PutResult.Unknown(
                        new ObjectStoreException.Unavailable("the answer was lost", null));
            }
        };
    }

    private void pause(long millis) {
        try {
            change.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException.Unavailable("interrupted", interrupted);
        }
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return unkindly(name, () -> super.put(name, parts));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return unkindly(name, () -> super.putIfAbsent(name, parts, putId));
    }
}
