package dev.holdfast.engine.memory;

import org.jspecify.annotations.Nullable;

/// What one holder has, booked in whole steps: whoever takes a little with every commit need not
/// touch the account each time.
///
/// Invariant: what is booked is never less than what is held, and at most a step more.
///
/// Not thread-safe: its holder guards it.
public final class SteppedBooking {
    private static final int STEP_BITS = 16; // 64 KiB
    private static final Runnable NOTHING = () -> {};

    private final MemoryUse use;
    private @Nullable MemoryAccount account;
    private long held;
    private long booked;

    /// Of nothing, in no account yet.
    public SteppedBooking(MemoryUse use) {
        this.use = use;
    }

    /// Books in `account` from now on.
    public void bookIn(MemoryAccount account) {
        this.account = account;
        take(0);
    }

    /// `bytes` more are held.
    public void take(long bytes) {
        held += bytes;
        MemoryAccount open = account;
        long wanted = wanted();
        if (open == null || wanted <= booked) return;
        open.add(use, wanted - booked);
        booked = wanted;
    }

    /// `bytes` fewer are held. Returns what gives the account its part back, which may wake others:
    /// to be run once the guard is free.
    public Runnable release(long bytes) {
        held -= bytes;
        MemoryAccount open = account;
        long back = booked - wanted();
        if (open == null || back <= 0) return NOTHING;
        booked -= back;
        return () -> open.add(use, -back);
    }

    private long wanted() {
        return (held + (1 << STEP_BITS) - 1) >> STEP_BITS << STEP_BITS;
    }
}
