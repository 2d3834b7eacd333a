package dev.holdfast.bench.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A store behind a link of a known bandwidth: puts share it, and each takes a round trip besides.
///
/// Thread-safe.
final class PacedStore extends ForwardingStore {
    private static final Duration ROUND_TRIP = Duration.ofMillis(20);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long bytesPerSecond;
    private final Env env;
    private final AtomicLong linkFreeAt;
    private final AtomicLong puts = new AtomicLong();
    private final AtomicLong bytesPut = new AtomicLong();

    PacedStore(ObjectStore inner, long bytesPerSecond, Env env) {
        super(inner);
        this.bytesPerSecond = bytesPerSecond;
        this.env = env;
        linkFreeAt = new AtomicLong(env.nanoTime());
    }

    long puts() {
        return puts.get();
    }

    long bytesPut() {
        return bytesPut.get();
    }

    private void pass(List<Bytes> parts) {
        long bytes = 0;
        for (Bytes part : parts) bytes += part.length();
        long takes = bytes * SECOND / bytesPerSecond;
        long now = env.nanoTime();
        long done = linkFreeAt.updateAndGet(free -> now + Math.max(0, free - now) + takes);
        pause(Duration.ofNanos(done - now).plus(ROUND_TRIP));
        puts.incrementAndGet();
        bytesPut.addAndGet(bytes);
    }

    private void pause(Duration time) {
        try {
            env.sleep(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted", interrupted);
        }
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        pass(parts);
        return inner.put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        pass(parts);
        return inner.putIfAbsent(name, parts, putId);
    }
}
