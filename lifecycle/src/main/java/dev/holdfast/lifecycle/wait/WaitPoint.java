package dev.holdfast.lifecycle.wait;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A condition over a lock that threads wait for: what [java.util.concurrent.locks.Condition] is,
/// with a deadline, a token and a named waker in every wait.
///
/// Waiters park on their own, not in the lock's queue, so that a token or the end of the waker can
/// wake them without taking the lock. All methods need the lock to be held.
public final class WaitPoint {
    private final ReentrantLock lock;
    private final WaitKind kind;
    private final String resource;
    private final String waker;
    private final Seat ends = new Seat(null); // of the circle of those who wait

    /// The place of one who waits, between those who came before and after. Guarded by `lock`.
    ///
    /// A list of its own, because a signal walks along it without allocating anything, and whoever
    /// leaves need not look for himself.
    private static final class Seat {
        private final @Nullable Wait wait;
        private Seat before = this;
        private Seat after = this;

        Seat(@Nullable Wait wait) {
            this.wait = wait;
        }

        void enterBefore(Seat next) {
            before = next.before;
            after = next;
            before.after = this;
            next.before = this;
        }

        void leave() {
            before.after = after;
            after.before = before;
        }
    }

    /// @param resource what is waited for, in words of the domain
    /// @param waker the name of the component or task that will make it come true
    public WaitPoint(ReentrantLock lock, WaitKind kind, String resource, String waker) {
        this.lock = lock;
        this.kind = kind;
        this.resource = resource;
        this.waker = waker;
    }

    /// Waits until `holds`, which is only asked under the lock and must be quick. The lock is free
    /// while this waits, and held again when it returns. When several are true, SATISFIED wins.
    /// Throws [IllegalStateException] if the thread holds a tracked lock besides.
    public WaitResult await(BooleanSupplier holds, Deadline deadline, Token token)
            throws InterruptedException {
        require(lock.getHoldCount() == 1, "wait for %s needs its lock, held once", resource);
        token.word().refuseUnderLock(lock, resource);
        if (holds.getAsBoolean()) return WaitResult.SATISFIED;
        Wait wait = token.newWait(deadline, kind, resource, waker, holds);
        Token.Enlisted enlisted = token.enlist(wait);
        Seat seat = new Seat(wait);
        seat.enterBefore(ends);
        try {
            while (true) {
                if (holds.getAsBoolean()) return WaitResult.SATISFIED;
                if (token.isCancelled()) return WaitResult.CANCELLED;
                if (token.isGone(waker)) return WaitResult.WAKER_GONE;
                long left = deadline.remainingNanos();
                if (left == 0) return WaitResult.EXPIRED;
                parkWithoutLock(token.word().env(), left);
                if (Thread.interrupted()) throw new InterruptedException();
            }
        } finally {
            seat.leave();
            enlisted.leave();
        }
    }

    /// Like [#await], but an interrupt does not end it; it is kept for the caller's next wait.
    public WaitResult awaitUninterruptibly(BooleanSupplier holds, Deadline deadline, Token token) {
        boolean wasInterrupted = false;
        try {
            while (true) {
                try {
                    return await(holds, deadline, token);
                } catch (InterruptedException interrupted) {
                    wasInterrupted = true;
                }
            }
        } finally {
            if (wasInterrupted) Thread.currentThread().interrupt();
        }
    }

    private void parkWithoutLock(Env env, long nanos) {
        lock.unlock();
        try {
            env.park(this, nanos);
        } finally {
            lock.lock();
        }
    }

    /// Wakes every waiter whose condition now holds.
    public void signalAll() {
        require(lock.isHeldByCurrentThread(), "signal for %s needs its lock", resource);
        for (Seat seat = ends.after; seat.wait != null; seat = seat.after) {
            if (seat.wait.holds().getAsBoolean()) LockSupport.unpark(seat.wait.thread());
        }
    }

    /// True if any thread waits here.
    public boolean hasWaiters() {
        return ends.after != ends;
    }
}
