package dev.holdfast.engine.cache;

import dev.holdfast.base.ByteSize;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The budget of decoded blocks that all tables share, and who has to go when it is spent.
///
/// Values lie on the [CacheShelf] of their table, so that a hit is one array read; here they form
/// one ring. The hand of the clock goes round it: what was used since the last round stays, the
/// rest goes. Thread-safe.
///
/// Invariants:
/// 1. After each admission the values in the ring take at most the budget.
/// 2. The ring holds exactly what lies on shelves, but for admissions and removals under way.
public final class BlockCache {
    private final long budget;
    private final ReentrantLock clock = new ReentrantLock();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    // Guarded by `clock`; `bytes` is read without it too.
    private @Nullable CachedValue hand;
    private volatile long bytes;

    public BlockCache(ByteSize budget) {
        this.budget = budget.bytes();
    }

    /// A shelf with `places` places, all empty, for values that take `sizeOf` bytes of memory.
    public <V> CacheShelf<V> shelf(int places, ToLongFunction<V> sizeOf) {
        return new CacheShelf<>(this, places, sizeOf);
    }

    /// What it may hold, in bytes.
    public long budget() {
        return budget;
    }

    /// What it holds, in bytes.
    public long bytes() {
        return bytes;
    }

    /// How often a value was found.
    public long hits() {
        return hits.sum();
    }

    /// How often a value had to be loaded.
    public long misses() {
        return misses.sum();
    }

    void countHit() {
        hits.increment();
    }

    void countMiss() {
        misses.increment();
    }

    boolean hasRoomFor(long size) {
        return bytes + size <= budget;
    }

    // Behind the hand, so that it comes round to the newcomer last.
    void admit(CachedValue value) {
        clock.lock();
        try {
            if (value.isGone) return;
            value.isLinked = true;
            if (hand == null) hand = value;
            else value.linkBefore(hand);
            bytes += value.size;
            while (budget < bytes && hand != null) turn(hand);
        } finally {
            clock.unlock();
        }
    }

    private void turn(CachedValue value) {
        if (value.wasUsed) {
            value.wasUsed = false;
            hand = value.next;
        } else {
            unlink(value);
        }
    }

    void remove(CachedValue value) {
        clock.lock();
        try {
            if (value.isLinked) unlink(value);
            value.isGone = true;
            value.leaveShelf();
        } finally {
            clock.unlock();
        }
    }

    private void unlink(CachedValue value) {
        if (hand == value) hand = value.next == value ? null : value.next;
        value.unlink();
        bytes -= value.size;
        value.leaveShelf();
    }
}
