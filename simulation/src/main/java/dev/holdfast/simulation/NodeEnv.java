package dev.holdfast.simulation;

import dev.holdfast.base.Env;
import dev.holdfast.simulation.schedule.Machine;
import dev.holdfast.simulation.schedule.Scheduler;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Virtual clock, seeded randomness, simulated threads.
final class NodeEnv implements Env {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Machine machine;
    private final Scheduler scheduler;

    NodeEnv(Machine machine, Scheduler scheduler) {
        this.machine = machine;
        this.scheduler = scheduler;
    }

    @Override
    public long nanoTime() {
        return scheduler.nowNanos();
    }

    @Override
    public long currentTimeMillis() {
        return Math.floorDiv(scheduler.wallNanosOf(machine), NANOS_PER_MILLI);
    }

    @Override
    public long randomLong() {
        return scheduler.randomLong();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return scheduler.start(machine, name, body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        long until = nanoTime() + duration.toNanos();
        for (long left = until - nanoTime(); 0 < left; left = until - nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) throw new InterruptedException();
        }
    }
}
