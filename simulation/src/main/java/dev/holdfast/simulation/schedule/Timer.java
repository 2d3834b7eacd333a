package dev.holdfast.simulation.schedule;

import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Something to be done at an instant of virtual time: the end of somebody's timed wait.
final class Timer implements ScheduledFuture<Object> {
    private final Scheduler scheduler;
    private final long atNanos;
    private final long order;
    private final Machine machine;
    private final Runnable deed;
    private boolean isOver;
    private boolean isCancelled;

    /// @param order tells timers of the same instant apart
    Timer(Scheduler scheduler, long atNanos, long order, Machine machine, Runnable deed) {
        this.scheduler = scheduler;
        this.atNanos = atNanos;
        this.order = order;
        this.machine = machine;
        this.deed = deed;
    }

    /// The machine of the one who waits.
    Machine machine() {
        return machine;
    }

    long atNanos() {
        return atNanos;
    }

    void fire() {
        isOver = true;
        deed.run();
    }

    @Override
    public int compareTo(Delayed other) {
        Timer timer = (Timer) other;
        int byInstant = Long.compare(atNanos, timer.atNanos);
        return byInstant != 0 ? byInstant : Long.compare(order, timer.order);
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(atNanos - scheduler.nowNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        if (isOver) return false;
        isCancelled = true;
        scheduler.forget(this);
        return true;
    }

    @Override
    public boolean isCancelled() {
        return isCancelled;
    }

    @Override
    public boolean isDone() {
        return isOver || isCancelled;
    }

    @Override
    public Object get() {
        throw new UnsupportedOperationException("nobody waits for a timer itself");
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody waits for a timer itself");
    }
}
