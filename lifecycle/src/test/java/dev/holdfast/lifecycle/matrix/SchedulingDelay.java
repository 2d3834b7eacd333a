package dev.holdfast.lifecycle.matrix;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/// How late the machine wakes a thread that only wants to wake: what tells noise from failure.
final class SchedulingDelay implements AutoCloseable {
    private static final long NAP_NANOS = 10_000_000L;

    private final long startNanos = System.nanoTime();
    private final ConcurrentSkipListMap<Long, Long> delays = new ConcurrentSkipListMap<>();
    private volatile boolean isOver;

    /// A measurement that is under way.
    static SchedulingDelay measured() {
        SchedulingDelay delay = new SchedulingDelay();
        Thread.ofPlatform().daemon().name("scheduling-delay").start(delay::measure);
        return delay;
    }

    private void measure() {
        while (!isOver) {
            long from = now();
            LockSupport.parkNanos(NAP_NANOS);
            delays.put(from, now() - from - NAP_NANOS);
        }
    }

    /// The present moment, as [#worstSince] takes it.
    long now() {
        return System.nanoTime() - startNanos;
    }

    Duration worstSince(long from) {
        long worst = 0;
        for (long delay : delays.tailMap(from).values()) worst = Math.max(worst, delay);
        return Duration.ofNanos(worst);
    }

    @Override
    public void close() {
        isOver = true;
    }
}
