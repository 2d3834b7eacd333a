package dev.holdfast.base;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The outside world that code above needs to run: clocks, randomness, threads.
///
/// Handed in by constructor everywhere, so that a simulator can stand in its place. Implementations
/// are thread-safe.
public interface Env {
    /// A clock that never goes back, in nanoseconds, with an arbitrary zero. Compare by
    /// subtraction.
    long nanoTime();

    /// The wall clock, in milliseconds since the Unix epoch. It may jump either way.
    long currentTimeMillis();

    /// 64 random bits, good enough for identifiers that must not collide.
    long randomLong();

    /// Starts a virtual thread that runs `body`. What escapes from `body` goes to the thread's
    /// uncaught-exception handler.
    Thread start(String name, Runnable body);

    /// Starts a thread for a `body` that computes for long. It gets slices of a processor's time
    /// and no more, where a virtual thread would keep others from running until it waits.
    default Thread startBusy(String name, Runnable body) {
        return start(name, body);
    }

    /// Makes the calling thread wait for `duration`.
    void sleep(Duration duration) throws InterruptedException;

    /// Parks the calling thread until it is unparked, interrupted, or `nanos` have passed, or for
    /// no reason at all, as [LockSupport#parkNanos(Object, long)] does. For waits that mostly end
    /// before their time.
    default void park(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }

    /// The real world.
    static Env system() {
        return SystemEnv.INSTANCE;
    }
}
