package dev.holdfast.objectstore.remote;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many requests may run at a time: one more after each that many successes, half as many once
/// the store says "slow down".
///
/// Invariant: between 1 and the most that was given; halved at most once a second, since the
/// answers to one burst say one thing. Thread-safe.
final class Pacer {
    private static final Duration HALVING_PAUSE = Duration.ofSeconds(1);

    private final Env env;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private double limit; // guarded by lock
    private int running; // guarded by lock
    private Deadline nextHalving; // guarded by lock

    Pacer(int most, Env env) {
        this.env = env;
        this.most = most;
        limit = most;
        nextHalving = Deadline.after(env, Duration.ZERO);
    }

    /// Waits for a place. Every success wants an [#end].
    void begin(Duration patience) {
        lock.lock();
        try {
            Deadline deadline = Deadline.after(env, patience);
            while ((int) limit <= running) {
                long left = deadline.remainingNanos();
                if (left == 0)
                    throw new Unavailable(
                            "no place for a request. running=`" + running + "`", null);
                long unused = changed.awaitNanos(left);
            }
            running++;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted before a request", interrupted);
        } finally {
            lock.unlock();
        }
    }

    /// Gives the place back.
    void end() {
        lock.lock();
        try {
            running--;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// The store kept up.
    void succeeded() {
        lock.lock();
        try {
            limit = Math.min(most, limit + 1 / limit);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// The store did not.
    void slowedDown() {
        lock.lock();
        try {
            if (!nextHalving.isExpired()) return;
            limit = Math.max(1, limit / 2);
            nextHalving = Deadline.after(env, HALVING_PAUSE);
        } finally {
            lock.unlock();
        }
    }

    /// How many requests may run at a time now.
    int limit() {
        lock.lock();
        try {
            return (int) limit;
        } finally {
            lock.unlock();
        }
    }
}
