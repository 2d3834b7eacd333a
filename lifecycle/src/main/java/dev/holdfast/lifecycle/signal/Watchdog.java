package dev.holdfast.lifecycle.signal;

import dev.holdfast.base.Adapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A platform thread, made at the start, that acts when the hard deadline of a stop has passed.
///
/// At the deadline it needs no lock and no allocation, so whatever hangs cannot hang it. It lives
/// by the real clock, as it guards against everything else.
@Adapter("owns a platform thread and reads the real clock")
public final class Watchdog {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long UNARMED = Long.MAX_VALUE;

    private final Runnable atDeadline;
    private volatile long nanosLeft = UNARMED;
    private volatile long armedAtNanos;

    public Watchdog(Runnable atDeadline) {
        this.atDeadline = atDeadline;
    }

    /// Starts the thread.
    public void start() {
        Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
    }

    private void watch() {
        while (true) {
            if (isDue()) actAtDeadline();
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
    }

    // Again and again: where there is no memory left, even this may fail the first time.
    private void actAtDeadline() {
        try {
            atDeadline.run();
        } catch (Throwable failed) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
    }

    private boolean isDue() {
        long left = nanosLeft;
        return left != UNARMED && left <= System.nanoTime() - armedAtNanos;
    }

    /// Sets the deadline, `nanos` from now, unless one is set already.
    public void arm(long nanos) {
        if (nanosLeft != UNARMED) return;
        armedAtNanos = System.nanoTime();
        nanosLeft = nanos;
    }

    /// Takes the deadline away: the stop that it bounds was taken back.
    public void disarm() {
        nanosLeft = UNARMED;
    }
}
