package dev.holdfast.engine.memory;

import java.util.concurrent.atomic.AtomicLong;

/// A part of the budget taken for a while. Whoever took it closes it. Thread-safe.
public final class Lease implements AutoCloseable {
    private static final long GIVEN_BACK = -1;

    private final MemoryBudget budget;
    private final MemoryUse use;
    private final AtomicLong bytes;

    Lease(MemoryBudget budget, MemoryUse use, long bytes) {
        this.budget = budget;
        this.use = use;
        this.bytes = new AtomicLong(bytes);
    }

    /// How much it is; 0 once it was given back.
    public long bytes() {
        return Math.max(0, bytes.get());
    }

    /// Makes it `size` bytes, whatever room there is: so much turned out to be needed.
    public void resize(long size) {
        while (true) {
            long seen = bytes.get();
            if (seen == GIVEN_BACK) return;
            if (bytes.compareAndSet(seen, size)) {
                budget.add(use, size - seen);
                return;
            }
        }
    }

    /// Gives it back. Once; later calls do nothing.
    @Override
    public void close() {
        long held = bytes.getAndSet(GIVEN_BACK);
        if (held == GIVEN_BACK) return;
        budget.add(use, -held);
        budget.ended(use);
    }
}
