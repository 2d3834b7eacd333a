package dev.holdfast.engine.gc;

import dev.holdfast.base.Env;
import java.time.Duration;

/// The real world with another time on the wall.
public final class ShiftedEnv implements Env {
    private final Env real = Env.system();
    private volatile long shiftMillis;

    /// Moves the wall clock.
    public void shift(Duration by) {
        shiftMillis += by.toMillis();
    }

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return real.currentTimeMillis() + shiftMillis;
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
