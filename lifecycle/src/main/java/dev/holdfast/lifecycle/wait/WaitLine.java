package dev.holdfast.lifecycle.wait;

import dev.holdfast.base.Deadline;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Threads that wait for something which each of them can see without a lock: what [WaitPoint] is
/// where many wait for one, and would queue up for its lock when they are woken together.
///
/// Invariants:
/// 1. Who waits looks at its condition after it took a seat, and a signal takes the seats after the
///    condition came true: so one of the two sees the other.
/// 2. Who has seats in hand looks at them again if another signal began meanwhile, which could not
///    see them.
///
/// Thread-safe; nothing here takes a lock.
public final class WaitLine {
    private final WaitKind kind;
    private final String resource;
    private final String waker;
    private final AtomicReference<@Nullable Seat> newest = new AtomicReference<>();
    private final AtomicLong signals = new AtomicLong();

    /// The place of one who waits. Owned by its maker until it is on the line, then by whoever took
    /// the line.
    private static final class Seat {
        private final Wait wait;
        private @Nullable Seat older;
        private volatile boolean isOnLine;
        private volatile boolean isLeft;

        Seat(Wait wait) {
            this.wait = wait;
        }
    }

    /// @param resource what is waited for, in words of the domain
    /// @param waker the name of the component or task that will make it come true
    public WaitLine(WaitKind kind, String resource, String waker) {
        this.kind = kind;
        this.resource = resource;
        this.waker = waker;
    }

    /// Waits until `holds`, which is asked on this thread and on those that signal, must be quick,
    /// and must see what was written before the signal. When several are true, SATISFIED wins.
    /// Throws [IllegalStateException] if the thread holds a tracked lock.
    public WaitResult await(BooleanSupplier holds, Deadline deadline, Token token)
            throws InterruptedException {
        token.word().refuseUnderLock(null, resource);
        if (holds.getAsBoolean()) return WaitResult.SATISFIED;
        Wait wait = token.newWait(deadline, kind, resource, waker, holds);
        Token.Enlisted enlisted = token.enlist(wait);
        var seat = new Seat(wait);
        try {
            while (true) {
                if (holds.getAsBoolean()) return WaitResult.SATISFIED;
                if (!seat.isOnLine) {
                    sit(seat);
                    continue;
                }
                if (token.isCancelled()) return WaitResult.CANCELLED;
                if (token.isGone(waker)) return WaitResult.WAKER_GONE;
                long left = deadline.remainingNanos();
                if (left == 0) return WaitResult.EXPIRED;
                token.word().env().park(this, left);
                if (Thread.interrupted()) throw new InterruptedException();
            }
        } finally {
            enlisted.leave();
            leave(seat);
        }
    }

    private void sit(Seat seat) {
        seat.isOnLine = true;
        push(seat, seat);
    }

    // A seat that no signal has called would stay until the next one, which may never come.
    private void leave(Seat seat) {
        seat.isLeft = true;
        if (seat.isOnLine) signalAll();
    }

    private void push(Seat first, Seat last) {
        Seat seen;
        do {
            seen = newest.get();
            last.older = seen;
        } while (!newest.compareAndSet(seen, first));
    }

    /// Wakes everybody whose condition now holds.
    public void signalAll() {
        signals.incrementAndGet();
        long seen;
        do {
            seen = signals.get();
            callDue(newest.getAndSet(null));
        } while (signals.get() != seen);
    }

    // Who is called has to sit down again to go on waiting.
    private void callDue(@Nullable Seat taken) {
        Seat first = null;
        Seat last = null;
        Seat next = taken;
        while (next != null) {
            Seat seat = next;
            next = seat.older;
            if (seat.isLeft) continue;
            if (seat.wait.holds().getAsBoolean()) {
                seat.isOnLine = false;
                LockSupport.unpark(seat.wait.thread());
            } else {
                seat.older = first;
                first = seat;
                if (last == null) last = seat;
            }
        }
        if (first != null && last != null) push(first, last);
    }

    /// True if nobody has a seat, and no signal has one in hand.
    boolean isEmpty() {
        return newest.get() == null;
    }
}
