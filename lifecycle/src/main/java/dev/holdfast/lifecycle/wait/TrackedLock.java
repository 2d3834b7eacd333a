package dev.holdfast.lifecycle.wait;

import dev.holdfast.base.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A lock whose owner can be named, and under which nobody may wait for anything else.
///
/// Invariant: a thread that holds it enters no wait of the kernel but one over this very lock
/// (LIFE-11). It belongs to a word for as long as that lives.
public final class TrackedLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String name;

    public TrackedLock(String name, StateWord word) {
        this.name = name;
        word.track(this);
    }

    /// Takes the lock, if that succeeds before the deadline and before the token is cancelled.
    public WaitResult lock(Deadline deadline, Token token) throws InterruptedException {
        if (tryLock()) return WaitResult.SATISFIED;
        Wait wait = token.newWait(deadline, WaitKind.LOCK, name, asWaker(), () -> !isLocked());
        Token.Enlisted enlisted = token.enlist(wait);
        try {
            while (true) {
                if (token.isCancelled()) return WaitResult.CANCELLED;
                long left = deadline.remainingNanos();
                if (tryLock(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
                    return WaitResult.SATISFIED;
                }
                if (left == 0) return WaitResult.EXPIRED;
            }
        } finally {
            enlisted.leave();
        }
    }

    /// The thread that holds it now; null if none does.
    public @Nullable Thread owner() {
        return getOwner();
    }

    /// What it is called as the waker of those who wait for it.
    public String asWaker() {
        return "lock " + name;
    }
}
