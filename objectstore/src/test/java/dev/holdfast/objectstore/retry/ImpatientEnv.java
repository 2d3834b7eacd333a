package dev.holdfast.objectstore.retry;

import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// A world in which sleeping takes no real time, and chance comes from a seed.
final class ImpatientEnv implements Env {
    private final AtomicLong nanos = new AtomicLong();
    private final SplittableRandom random;

    ImpatientEnv(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long currentTimeMillis() {
        return 1_700_000_000_000L + nanos.get() / 1_000_000;
    }

    @Override
    public synchronized long randomLong() {
        return random.nextLong();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return Thread.ofVirtual().name(name).start(body);
    }

    @Override
    public void sleep(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
