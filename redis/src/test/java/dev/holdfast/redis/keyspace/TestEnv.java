package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// An outside world whose wall clock stands still until it is moved, and whose dice follow a seed.
public final class TestEnv implements Env {
    private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
    private final Random random;

    public TestEnv(long seed) {
        random = new Random(seed);
    }

    public void forwardMillis(long millis) {
        wallMillis.addAndGet(millis);
    }

    @Override
    public long nanoTime() {
        return wallMillis.get() * 1_000_000;
    }

    @Override
    public long currentTimeMillis() {
        return wallMillis.get();
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
        forwardMillis(duration.toMillis());
    }
}
