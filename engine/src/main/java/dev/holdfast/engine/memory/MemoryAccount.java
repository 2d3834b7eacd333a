package dev.holdfast.engine.memory;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// What one database holds of the budget for its memtables and its log.
///
/// Invariant: once closed it holds nothing, whatever is booked afterwards.
///
/// Thread-safe; without locks, as it is booked in by every commit.
public final class MemoryAccount implements AutoCloseable {
    private final MemoryBudget budget;
    private final AtomicLongArray held = new AtomicLongArray(MemoryUse.values().length);
    private volatile boolean isClosed;
    private volatile @Nullable Relief relief;

    MemoryAccount(MemoryBudget budget) {
        this.budget = budget;
    }

    /// Says how this database makes room, once it can.
    public void relieveBy(Relief relief) {
        this.relief = relief;
    }

    @Nullable Relief relief() {
        return relief;
    }

    /// Takes `bytes` for a batch if writers have room.
    public boolean tryTake(long bytes) {
        if (!budget.tryTakeForWriter(bytes)) return false;
        book(MemoryUse.MEMTABLES, bytes);
        return true;
    }

    /// Books `more` bytes, or fewer if negative, whatever room there is.
    public void add(MemoryUse use, long more) {
        if (more == 0) return;
        budget.add(use, more);
        book(use, more);
    }

    // Who books looks at the end afterwards, and the end looks at what was booked: one of the two
    // gives back what came too late.
    private void book(MemoryUse use, long more) {
        held.addAndGet(use.ordinal(), more);
        if (isClosed) giveBack(use);
    }

    private void giveBack(MemoryUse use) {
        long rest = held.getAndSet(use.ordinal(), 0);
        if (rest != 0) budget.add(use, -rest);
    }

    /// The budget that it is a part of.
    public MemoryBudget budget() {
        return budget;
    }

    /// Gives everything back.
    @Override
    public void close() {
        budget.remove(this);
        isClosed = true;
        for (MemoryUse use : MemoryUse.values()) giveBack(use);
    }
}
