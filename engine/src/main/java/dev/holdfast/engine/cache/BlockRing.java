package dev.holdfast.engine.cache;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.lifecycle.wait.Token;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The decoded blocks of all databases that share a memory, and who has to go when it is spent.
///
/// Values lie on the [CacheShelf] of their table, so that a hit is one array read; here they form
/// one ring. The hand of the clock goes round it: what was used since the last round stays, the
/// rest goes, whosever it is. Each open database adds its part to the size, and takes it away when
/// it closes; within the whole, a busy one uses what idle ones do not. Thread-safe.
///
/// Invariants:
/// 1. After each admission the values in the ring take at most the sum of the parts, and at most
///    what the budget leaves.
/// 2. The ring holds exactly what lies on shelves, but for admissions and removals under way.
/// 3. Nothing of a closed part is in the ring.
public final class BlockRing {
    private final MemoryBudget budget;
    private final ReentrantLock clock = new ReentrantLock(); // innermost: nothing is taken under it
    // Guarded by `clock`; the numbers are read without it too.
    private @Nullable CachedValue hand;
    private volatile long bytes;
    private volatile long parts;

    public BlockRing(MemoryBudget budget) {
        this.budget = budget;
        budget.shrinkBlocksBy(this::shrink);
    }

    /// A part of `size` for one database. Its owner closes it; `token` ends waits in it.
    public BlockCache part(ByteSize size, Env env, Token token) {
        clock.lock();
        try {
            parts += size.bytes();
        } finally {
            clock.unlock();
        }
        return new BlockCache(this, size, env, token);
    }

    /// What it holds, in bytes.
    public long bytes() {
        return bytes;
    }

    /// What it may hold now, in bytes.
    public long sizeMax() {
        return Math.min(parts, budget.roomForBlocks());
    }

    MemoryBudget budget() {
        return budget;
    }

    boolean hasRoomFor(long size) {
        return bytes + size <= sizeMax();
    }

    // Behind the hand, so that it comes round to the newcomer last.
    void admit(CachedValue value) {
        clock.lock();
        try {
            if (value.isGone) return;
            if (value.shelf.cache().isClosed()) {
                value.isGone = true;
                value.leaveShelf();
                return;
            }
            value.isLinked = true;
            if (hand == null) hand = value;
            else value.linkBefore(hand);
            count(value, value.size);
            turnUntilItFits();
        } finally {
            clock.unlock();
        }
    }

    private void shrink() {
        clock.lock();
        try {
            turnUntilItFits();
        } finally {
            clock.unlock();
        }
    }

    private void turnUntilItFits() {
        while (sizeMax() < bytes && hand != null) turn(hand);
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
        count(value, -value.size);
        value.leaveShelf();
    }

    private void count(CachedValue value, long more) {
        bytes += more;
        budget.addBlocks(more);
        value.shelf.cache().count(more);
    }

    // Once; by then the part lets nothing new in.
    void leave(BlockCache part) {
        clock.lock();
        try {
            parts -= part.sizeMax();
            CachedValue last = hand == null ? null : hand.previous;
            for (CachedValue value = hand; value != null; ) {
                CachedValue next = value == last ? null : value.next;
                if (value.shelf.cache() == part) unlink(value);
                value = next;
            }
            turnUntilItFits();
        } finally {
            clock.unlock();
        }
    }
}
