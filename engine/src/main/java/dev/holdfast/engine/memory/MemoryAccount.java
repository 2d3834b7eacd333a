package dev.holdfast.engine.memory;

import org.jspecify.annotations.Nullable;

/// What one database holds of the budget for its memtables and its log.
///
/// Invariant: once closed it holds nothing, whatever is booked afterwards. Thread-safe.
public final class MemoryAccount implements AutoCloseable {
    private final MemoryBudget budget;
    // Guarded by this, for moments.
    private final long[] held = new long[MemoryUse.values().length];
    private boolean isClosed;
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
        if (!book(MemoryUse.MEMTABLES, bytes)) budget.add(MemoryUse.MEMTABLES, -bytes);
        return true;
    }

    /// Books `more` bytes, or fewer if negative, whatever room there is.
    public void add(MemoryUse use, long more) {
        if (more != 0 && book(use, more)) budget.add(use, more);
    }

    private synchronized boolean book(MemoryUse use, long more) {
        if (isClosed) return false;
        held[use.ordinal()] += more;
        return true;
    }

    /// The budget that it is a part of.
    public MemoryBudget budget() {
        return budget;
    }

    /// Gives everything back.
    @Override
    public void close() {
        budget.remove(this);
        for (MemoryUse use : MemoryUse.values()) budget.add(use, -emptied(use));
    }

    private synchronized long emptied(MemoryUse use) {
        isClosed = true;
        long was = held[use.ordinal()];
        held[use.ordinal()] = 0;
        return was;
    }
}
