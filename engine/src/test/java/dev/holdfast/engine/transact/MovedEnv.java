package dev.holdfast.engine.transact;

import dev.holdfast.base.Env;
import java.time.Duration;

/// The real world, in which time can be made to pass.
final class MovedEnv implements Env {
    private final Env real = Env.system();
    private volatile long passedNanos;

    void pass(Duration time) {
        passedNanos += time.toNanos();
    }

    @Override
    public long nanoTime() {
        return real.nanoTime() + passedNanos;
    }

    @Override
    public long currentTimeMillis() {
        return real.currentTimeMillis();
    }

    @Override
    public long randomLong() {
        return real.randomLong();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return real.start(name, body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        real.sleep(duration);
    }
}
