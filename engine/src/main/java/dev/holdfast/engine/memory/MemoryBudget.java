package dev.holdfast.engine.memory;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bytes that all databases of a process may hold together.
///
/// Who may take how far, so that what frees memory always goes on:
///
/// ```
/// 0 ........ 1/2 ........ 3/4 .... 7/8 .... limit
/// writers: at full speed | slowed | stopped
/// read-ahead, compaction: a quarter in all | refused
/// flushes: up to the limit, and one at a time beyond it
/// blocks: what all others leave
/// ```
///
/// Invariants:
/// 1. `held` is the sum of all accounts and leases; closing them brings it to zero.
/// 2. Writers take nothing at three quarters or more, unless no memtable holds anything: a batch
///    that fits nowhere goes alone.
/// 3. A flush waits only while another flush has its lease.
///
/// Thread-safe.
public final class MemoryBudget {
    private volatile long limit;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLongArray byUse = new AtomicLongArray(MemoryUse.values().length);
    private final AtomicLong blocks = new AtomicLong();
    private final AtomicInteger flushes = new AtomicInteger();
    private final List<MemoryAccount> accounts = new CopyOnWriteArrayList<>();
    private final ReentrantLock relieving = new ReentrantLock(); // one at a time looks around
    private final ReentrantLock guard = new ReentrantLock();
    private final WaitPoint room;
    private final AtomicInteger waiters = new AtomicInteger();
    private final AtomicLong flushWaits = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private volatile Runnable blockShrinker = () -> {};

    public MemoryBudget(ByteSize limit) {
        this.limit = limit.bytes();
        room = new WaitPoint(guard, WaitKind.CAPACITY, "memory to flush", "memory");
    }

    /// What may be held in all, in bytes.
    public long limit() {
        return limit;
    }

    /// Changes the limit. What is held beyond it goes as it can.
    public void resize(ByteSize limit) {
        this.limit = limit.bytes();
        blockShrinker.run();
        wake();
    }

    /// What is held, other than blocks.
    public long held() {
        return held.get();
    }

    /// What is held for `use`.
    public long held(MemoryUse use) {
        return byUse.get(use.ordinal());
    }

    /// Who holds how much, and how often it was not enough.
    public DbStats.Memory figures() {
        return new DbStats.Memory(
                limit,
                held(MemoryUse.MEMTABLES),
                held(MemoryUse.LOG),
                held(MemoryUse.FLUSH),
                held(MemoryUse.COMPACTION),
                held(MemoryUse.READ_AHEAD),
                blocks(),
                flushWaits.get(),
                refusals.get());
    }

    /// What blocks take.
    public long blocks() {
        return blocks.get();
    }

    /// What blocks may take: what nothing else holds.
    public long roomForBlocks() {
        return Math.max(0, limit - held.get());
    }

    /// Blocks take `more` bytes more, or fewer if negative. They see to [#roomForBlocks]
    /// themselves.
    public void addBlocks(long more) {
        blocks.addAndGet(more);
    }

    /// Says how blocks give way at once to what is more important.
    public void shrinkBlocksBy(Runnable shrinker) {
        blockShrinker = shrinker;
    }

    /// A new account, empty.
    public MemoryAccount account() {
        var account = new MemoryAccount(this);
        accounts.add(account);
        return account;
    }

    void remove(MemoryAccount account) {
        accounts.remove(account);
    }

    boolean tryTakeForWriter(long bytes) {
        while (true) {
            long seen = held.get();
            boolean isFirst = held(MemoryUse.MEMTABLES) <= 0;
            if (!isFirst && writersMax() < seen + bytes) {
                relieve();
                return false;
            }
            if (held.compareAndSet(seen, seen + bytes)) break;
        }
        byUse.addAndGet(MemoryUse.MEMTABLES.ordinal(), bytes);
        if (slowFrom() < held.get()) relieve();
        makeBlocksGiveWay();
        return true;
    }

    /// Where writers are stopped, in bytes.
    public long writersMax() {
        return limit / 4 * 3;
    }

    /// The largest memtable that is still gathered for one table, in bytes. What is set aside for
    /// the flush of such a one fits between where writers stop and the limit.
    public long tableMax() {
        return limit / 8;
    }

    private long slowFrom() {
        return limit / 2;
    }

    /// How far writers are between full speed and a stop: 0 to 1.
    public double pressure() {
        long over = held.get() - slowFrom();
        return over <= 0 ? 0 : Math.min(1, over / (double) Math.max(1, writersMax() - slowFrom()));
    }

    /// Books `more` bytes, or fewer if negative, whatever room there is.
    void add(MemoryUse use, long more) {
        held.addAndGet(more);
        byUse.addAndGet(use.ordinal(), more);
        if (more < 0) wake();
    }

    /// As many bytes from `wanted` down to `least` as there is room for, for something that can do
    /// with less; null if there is not even that.
    public @Nullable Lease lease(MemoryUse use, long least, long wanted) {
        for (long bytes = Math.max(least, wanted); ; bytes = Math.max(least, bytes / 2)) {
            if (tryTakeForLease(bytes)) {
                byUse.addAndGet(use.ordinal(), bytes);
                makeBlocksGiveWay();
                return new Lease(this, use, bytes);
            }
            if (bytes <= least) {
                refusals.incrementAndGet();
                return null;
            }
        }
    }

    private boolean tryTakeForLease(long bytes) {
        while (true) {
            long seen = held.get();
            long leased = held(MemoryUse.COMPACTION) + held(MemoryUse.READ_AHEAD);
            if (limit / 4 < leased + bytes || limit / 8 * 7 < seen + bytes) return false;
            if (held.compareAndSet(seen, seen + bytes)) return true;
        }
    }

    /// `bytes` whatever room there is: too little to matter, or known only now.
    public Lease leaseAnyway(MemoryUse use, long bytes) {
        add(use, bytes);
        return new Lease(this, use, bytes);
    }

    /// `bytes` for a table that a memtable becomes, which is what frees memory. Throws
    /// `Unavailable` at the deadline, or when `token` ends the wait.
    public Lease leaseForFlush(long bytes, Deadline deadline, Token token)
            throws InterruptedException {
        boolean[] isTaken = {tryTakeForFlush(bytes)};
        if (!isTaken[0]) awaitFlushRoom(bytes, isTaken, deadline, token);
        if (!isTaken[0])
            throw new Unavailable("no memory for a flush. bytes=`" + bytes + "`", null);
        makeBlocksGiveWay();
        return new Lease(this, MemoryUse.FLUSH, bytes);
    }

    private void awaitFlushRoom(long bytes, boolean[] isTaken, Deadline deadline, Token token)
            throws InterruptedException {
        flushWaits.incrementAndGet();
        guard.lock();
        waiters.incrementAndGet();
        try {
            // Whoever wakes us may ask this in our place, so it is taken once.
            room.await(() -> isTaken[0] || (isTaken[0] = tryTakeForFlush(bytes)), deadline, token);
        } finally {
            waiters.decrementAndGet();
            guard.unlock();
        }
    }

    private boolean tryTakeForFlush(long bytes) {
        while (true) {
            int seen = flushes.get();
            if (0 < seen && limit < held.get() + bytes) return false;
            if (flushes.compareAndSet(seen, seen + 1)) break;
        }
        held.addAndGet(bytes);
        byUse.addAndGet(MemoryUse.FLUSH.ordinal(), bytes);
        return true;
    }

    void ended(MemoryUse use) {
        if (use != MemoryUse.FLUSH) return;
        flushes.decrementAndGet();
        wake();
    }

    /// One more waits for room, or one fewer if `more` is negative: only then is anyone woken.
    public void countWaiters(int more) {
        waiters.addAndGet(more);
    }

    private void wake() {
        if (waiters.get() == 0) return;
        guard.lock();
        try {
            room.signalAll();
        } finally {
            guard.unlock();
        }
        for (MemoryAccount account : accounts) {
            Relief relief = account.relief();
            if (relief != null) relief.wake();
        }
    }

    private void makeBlocksGiveWay() {
        if (limit < held.get() + blocks.get()) blockShrinker.run();
    }

    // Asks whoever has most, until enough is on its way: otherwise many small active memtables,
    // none of them full, would stop the writers of one another for ever.
    private void relieve() {
        if (!relieving.tryLock()) return;
        try {
            long leaving = 0;
            long most = 0;
            Relief biggest = null;
            for (MemoryAccount account : accounts) {
                Relief relief = account.relief();
                if (relief == null) continue;
                leaving += relief.leavingBytes();
                long idle = relief.idleBytes();
                if (idle <= most) continue;
                most = idle;
                biggest = relief;
            }
            if (biggest != null && slowFrom() < held.get() - leaving) biggest.ask();
        } finally {
            relieving.unlock();
        }
    }
}
