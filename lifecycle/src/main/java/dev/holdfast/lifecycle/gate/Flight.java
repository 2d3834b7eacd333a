package dev.holdfast.lifecycle.gate;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A value on its way: one thread brings it, any number of others wait for that one.
///
/// Invariant: it lands once; what was told first stays. Thread-safe.
public final class Flight<V> {
    private final ReentrantLock guard = new ReentrantLock();
    private final WaitPoint landing;

    // All guarded by `guard`.
    private boolean isOver;
    private @Nullable V value;
    private @Nullable RuntimeException failure;

    /// @param cargo what is waited for, in words of the domain
    /// @param bringer the name of the component or task without which it will not come
    public Flight(String cargo, String bringer) {
        landing = new WaitPoint(guard, WaitKind.REMOTE, cargo, bringer);
    }

    /// It is here; null if it ended without a value. False if it was over before: then nobody gets
    /// it from here.
    public boolean land(@Nullable V value) {
        return end(value, null);
    }

    /// It will not come, for this reason, which everyone who waits is thrown. False if it was over
    /// before.
    public boolean fail(RuntimeException failure) {
        return end(null, failure);
    }

    private boolean end(@Nullable V value, @Nullable RuntimeException failure) {
        guard.lock();
        try {
            if (isOver) return false;
            isOver = true;
            this.value = value;
            this.failure = failure;
            landing.signalAll();
            return true;
        } finally {
            guard.unlock();
        }
    }

    /// Waits for it: SATISFIED once it is over, however it went.
    public WaitResult await(Deadline deadline, Token token) throws InterruptedException {
        guard.lock();
        try {
            return landing.await(() -> isOver, deadline, token);
        } finally {
            guard.unlock();
        }
    }

    /// True once it is over, however it went.
    public boolean isOver() {
        guard.lock();
        try {
            return isOver;
        } finally {
            guard.unlock();
        }
    }

    /// The value, or null if there is none; throws what it failed with.
    public @Nullable V value() {
        guard.lock();
        try {
            if (failure != null) throw failure;
            return value;
        } finally {
            guard.unlock();
        }
    }
}
