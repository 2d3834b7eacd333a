package dev.holdfast.objectstore.fault;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store as a client sees it that dies at one call: from there on nothing it asks for happens,
/// and it is told nothing.
///
/// A put that meets the crash is answered with [Unknown], every other call and every later one with
/// [ObjectStoreException.Refused]. What the client had done stays in [#asLeftBehind]. Closing this
/// store does not close that one.
public final class CrashingStore implements ObjectStore {
    /// What becomes of the call at which the client dies.
    public enum Moment {
        /// It never arrives.
        BEFORE,
        /// It is carried out.
        APPLIED,
        /// A put arrives later, at [#landLate]; any other call never arrives.
        LATE
    }

    private final ObjectStore leftBehind;
    private final long crashAt;
    private final Moment moment;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicReference<@Nullable Runnable> underWay = new AtomicReference<>();

    /// Dies before its call number `crashAt` (from 0), on an empty store in memory.
    public CrashingStore(long crashAt) {
        this(new MemoryStore(), crashAt, Moment.BEFORE);
    }

    /// Dies at its call number `crashAt` (from 0) to `store`.
    public CrashingStore(ObjectStore store, long crashAt, Moment moment) {
        this.leftBehind = store;
        this.crashAt = crashAt;
        this.moment = moment;
    }

    /// The store as the next client finds it.
    public ObjectStore asLeftBehind() {
        return leftBehind;
    }

    /// True once the client is dead.
    public boolean hasCrashed() {
        return crashAt < calls.get();
    }

    /// Lets the put that was under way arrive, if the client died at [Moment#LATE] of one. Arrives
    /// once.
    public void landLate() {
        Runnable put = underWay.getAndSet(null);
        if (put != null) put.run();
    }

    @Override
    public @Nullable Bytes get(String name) {
        refuseIfDead(() -> {});
        return leftBehind.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        refuseIfDead(() -> {});
        return leftBehind.get(name, offset, length);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return putUnlessDead(() -> leftBehind.put(name, parts));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return putUnlessDead(() -> leftBehind.putIfAbsent(name, parts, putId));
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        refuseIfDead(() -> {});
        return leftBehind.head(name);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        refuseIfDead(() -> {});
        return leftBehind.list(prefix, after, limit);
    }

    @Override
    public void delete(String name) {
        refuseIfDead(() -> leftBehind.delete(name));
        leftBehind.delete(name);
    }

    @Override
    public String url() {
        return leftBehind.url();
    }

    @Override
    public void close() {}

    private PutResult putUnlessDead(Supplier<PutResult> put) {
        long call = calls.getAndIncrement();
        if (call < crashAt) return put.get();
        if (crashAt < call) throw dead();
        switch (moment) {
            case BEFORE -> {}
            case APPLIED -> put.get();
            case LATE -> underWay.set(put::get);
        }
        return new Unknown(dead());
    }

    private void refuseIfDead(Runnable lastDeed) {
        long call = calls.getAndIncrement();
        if (call < crashAt) return;
        if (call == crashAt && moment == Moment.APPLIED) lastDeed.run();
        throw dead();
    }

    private static ObjectStoreException.Refused dead() {
        return new ObjectStoreException.Refused("this client is dead, by order of a test", null);
    }
}
