package dev.holdfast.lifecycle.wait;

import dev.holdfast.base.Deadline;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Threads that wait for something which each of them can see without a lock: what [WaitPoint] is
/// where many wait for one, and would queue up for its lock when they are woken together. And what
/// is to be done once something has come true, by whoever makes it so: without a thread that waits.
///
/// Invariants:
/// 1. Who waits looks at its condition after it took a seat, and a signal takes the seats after the
///    condition came true: so one of the two sees the other.
/// 2. Who has seats in hand looks at them again if another signal began meanwhile, which could not
///    see them.
/// 3. What is to be done is done once: by whoever has taken its seat.
///
/// Thread-safe; nothing here takes a lock.
public final class WaitLine {
    private static final System.Logger LOG = System.getLogger(WaitLine.class.getName());

    private final WaitKind kind;
    private final String resource;
    private final String waker;
    private final AtomicReference<@Nullable Seat> newest = new AtomicReference<>();
    private final AtomicLong signals = new AtomicLong();

    /// The place of one who waits, or of something to be done. Owned by its maker until it is on
    /// the line, then by whoever took the line.
    private static final class Seat {
        private final BooleanSupplier holds;
        private final @Nullable Thread waiter; // null: `then` is to be done
        private final Runnable then;
        private @Nullable Seat older;
        private volatile boolean isOnLine;
        private volatile boolean isLeft;

        Seat(BooleanSupplier holds, @Nullable Thread waiter, Runnable then) {
            this.holds = holds;
            this.waiter = waiter;
            this.then = then;
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
        var seat = new Seat(holds, wait.thread(), () -> {});
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

    /// Has `then` done once, soon after `holds` has become true: by whoever signals it, or here if
    /// it is true by now. `holds` is asked as in [#await]. `then` must be quick and must not wait;
    /// what it throws is logged. It cannot be taken back: where `holds` never becomes true it stays
    /// on the line.
    public void whenTrue(BooleanSupplier holds, Runnable then) {
        sit(new Seat(holds, null, then));
        if (holds.getAsBoolean()) signalAll();
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

    /// Wakes everybody whose condition now holds; then does what is to be done.
    public void signalAll() {
        signals.incrementAndGet();
        Seat due = null;
        long seen;
        do {
            seen = signals.get();
            due = callDue(newest.getAndSet(null), due);
        } while (signals.get() != seen);
        for (; due != null; due = due.older) attempt(due);
    }

    // Who is called has to sit down again to go on waiting. Returns what is to be done, put before
    // `due`: it is done last, as no thread waits for it.
    private @Nullable Seat callDue(@Nullable Seat taken, @Nullable Seat due) {
        Seat toDo = due;
        Seat first = null;
        Seat last = null;
        Seat next = taken;
        while (next != null) {
            Seat seat = next;
            next = seat.older;
            if (seat.isLeft) continue;
            if (!seat.holds.getAsBoolean()) {
                seat.older = first;
                first = seat;
                if (last == null) last = seat;
            } else if (seat.waiter != null) {
                seat.isOnLine = false;
                LockSupport.unpark(seat.waiter);
            } else {
                seat.older = toDo;
                toDo = seat;
            }
        }
        if (first != null && last != null) push(first, last);
        return toDo;
    }

    private void attempt(Seat seat) {
        try {
            seat.then.run();
        } catch (Throwable broken) { // whatever it is: others are to be done behind it
            note(broken);
        }
    }

    private void note(Throwable broken) {
        try {
            LOG.log(System.Logger.Level.ERROR, "broke after a wait for " + resource, broken);
        } catch (Throwable lost) { // what cannot be told must not keep the others
            broken.addSuppressed(lost);
        }
    }

    /// True if nobody has a seat, and no signal has one in hand.
    boolean isEmpty() {
        return newest.get() == null;
    }
}
