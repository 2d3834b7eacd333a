package dev.holdfast.base.golden;

import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A world in which the clock stands still and chance is counted, so that the same is written each
/// time. Its threads are real.
public final class StillEnv implements Env {
    private static final long MILLIS = 1_763_700_000_000L;
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private final AtomicLong drawn = new AtomicLong();

    @Override
    public long nanoTime() {
        return Env.system().nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return MILLIS;
    }

    @Override
    public long randomLong() {
        return drawn.addAndGet(STEP);
    }

    @Override
    public Thread start(String name, Runnable body) {
        return Env.system().start(name, body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Env.system().sleep(duration);
    }
}
