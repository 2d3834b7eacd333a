package dev.holdfast.base;

import java.security.SecureRandom;
import java.time.Duration;

/// The real clocks, the real random source, real threads.
@Adapter("the one place where time, randomness and threads are taken from the JVM")
final class SystemEnv implements Env {
    static final SystemEnv INSTANCE = new SystemEnv();

    private final SecureRandom random = new SecureRandom();
    private final Watchman watchman = new Watchman("holdfast-watchman");

    private SystemEnv() {}

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long randomLong() {
        return random.nextLong();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return Thread.ofVirtual().name(name).start(body);
    }

    @Override
    public Thread startBusy(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name(name).start(body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    public void park(Object blocker, long nanos) {
        watchman.park(blocker, nanos);
    }
}
