package dev.holdfast.engine;

import dev.holdfast.base.Env;
import java.time.Duration;

/// The world with a wall clock that moves only when a test moves it.
final class MovableClock implements Env {
    private volatile long millis;

    MovableClock(long millis) {
        this.millis = millis;
    }

    void advance(long by) {
        millis += by;
    }

    @Override
    public long nanoTime() {
        return Env.system().nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return millis;
    }

    @Override
    public long randomLong() {
        return Env.system().randomLong();
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
