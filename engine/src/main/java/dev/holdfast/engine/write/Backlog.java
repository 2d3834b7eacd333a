package dev.holdfast.engine.write;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// The bytes of all memtables that are not in tables yet, and the wait for room among them: below
/// the database's own limit, and in the memory that it shares with others.
///
/// Invariants:
/// 1. `bytes` is what those memtables hold plus what is set aside for batches about to be applied.
///    It exceeds the limit only by one batch that would not fit alone, and by what commit hooks and
///    recovery add.
/// 2. The account of the shared memory holds the same number of bytes for memtables.
///
/// Thread-safe. The wait is outside the commit order.
final class Backlog {
    private static final Duration SLOWED_MAX = Duration.ofMillis(10);

    private final long limit;
    private final MemoryAccount memory;
    private final Env env;
    private final Ending ending;
    private final Token token;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final ReentrantLock guard = new ReentrantLock();
    private final WaitPoint room;
    private final StallClock clock;
    private final WritePace pace;
    private volatile int waiters;

    Backlog(ByteSize limit, MemoryAccount memory, Env env, Ending ending, Token token) {
        this.limit = limit.bytes();
        this.memory = memory;
        this.env = env;
        this.ending = ending;
        this.token = token;
        clock = new StallClock(env, ending.database());
        pace = new WritePace(this.limit, env);
        room = new WaitPoint(guard, WaitKind.CAPACITY, "room for a batch", MemtableFlusher.NAME);
        ending.listen(this::wake);
    }

    /// Sets `size` bytes aside if there is room now.
    boolean tryReserve(long size) {
        if (!tryReserveOwn(size)) return false;
        if (memory.tryTake(size)) return true;
        bytes.addAndGet(-size);
        return false;
    }

    private boolean tryReserveOwn(long size) {
        while (true) {
            long seen = bytes.get();
            if (seen != 0 && limit < seen + size) return false;
            if (bytes.compareAndSet(seen, seen + size)) return true;
        }
    }

    /// True if it is the database's own limit that leaves no room for `size` bytes.
    boolean isAtOwnLimit(long size) {
        long seen = bytes.get();
        return seen != 0 && limit < seen + size;
    }

    /// True if no writer is held up at present to go slower.
    boolean isFree() {
        return pace.isFree(bytes.get()) && memory.budget().pressure() == 0;
    }

    /// Holds a writer up for moments when too much waits to become tables, or the shared memory is
    /// short, so that it does not come to a stop.
    void slowDown(long size, Deadline deadline) throws InterruptedException {
        keepPace(size, deadline);
        double pressure = memory.budget().pressure();
        if (pressure == 0) return;
        try (var _ = clock.begin(StallClock.Reason.SLOWED, size)) {
            slowDown(pressure, deadline);
        }
    }

    private void keepPace(long size, Deadline deadline) throws InterruptedException {
        long nanos = Math.min(pace.pauseFor(size, bytes.get()), deadline.remainingNanos());
        if (nanos <= 0) return;
        try (var _ = clock.begin(StallClock.Reason.SLOWED, size)) {
            token.pause(Duration.ofNanos(nanos));
        }
    }

    /// How fast writers may go.
    WritePace pace() {
        return pace;
    }

    /// True if more waits to become tables than is good.
    boolean isHigh() {
        return pace.isSlow(bytes.get());
    }

    private void slowDown(double pressure, Deadline deadline) throws InterruptedException {
        long nanos = (long) (SLOWED_MAX.toNanos() * pressure);
        Deadline until = Deadline.after(env, Duration.ofNanos(nanos));
        if (deadline.remainingNanos() < nanos) until = deadline;
        guard.lock();
        try {
            countWaiters(1);
            room.await(() -> memory.budget().pressure() == 0 || ending.isReached(), until, token);
        } finally {
            countWaiters(-1);
            guard.unlock();
        }
    }

    // Guarded by `guard`.
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void countWaiters(int more) {
        waiters += more;
        memory.budget().countWaiters(more);
    }

    /// How often it has changed. Asked before looking for room, it tells [#reserve] what the caller
    /// has seen.
    long changes() {
        return changes.get();
    }

    /// Sets `size` bytes aside, or returns false once anything has changed since `seen`: then it is
    /// for the caller to see to it that room is on its way, and to ask again. Throws `Unavailable`
    /// at the deadline.
    boolean reserve(long size, long seen, Deadline deadline) throws InterruptedException {
        var reservation = new Reservation(size);
        boolean isKept = false;
        guard.lock();
        try {
            countWaiters(1);
            room.await(
                    () -> reservation.isMade() || seen != changes.get() || ending.isReached(),
                    deadline,
                    token);
            ending.check();
            isKept = reservation.isMade;
            if (isKept || (seen != changes.get() && !deadline.isExpired())) return isKept;
            throw new Unavailable(
                    ("no room in memory, nothing was committed. unflushed=`%d of %d`,"
                                    + " held by all=`%d of %d`")
                            .formatted(
                                    bytes.get(),
                                    limit,
                                    memory.budget().held(),
                                    memory.budget().writersMax()),
                    null);
        } finally {
            countWaiters(-1);
            guard.unlock();
            if (reservation.isMade && !isKept) correct(-size); // nobody is there to use it
        }
    }

    // A waiter's condition is also asked by whoever wakes it, so a reservation is made once.
    private final class Reservation {
        private final long size;
        private boolean isMade;

        Reservation(long size) {
            this.size = size;
        }

        boolean isMade() {
            if (!isMade) isMade = tryReserve(size);
            return isMade;
        }
    }

    /// What was set aside turned out to be `more` bytes more, or less if negative; or a memtable
    /// grew or went. Who waits for room looks again, as there may be something to freeze now.
    void correct(long more) {
        bytes.addAndGet(more);
        memory.add(MemoryUse.MEMTABLES, more);
        changed();
    }

    /// Something has changed, here or in the memory that is shared.
    void changed() {
        changes.incrementAndGet();
        if (0 < waiters) wake();
    }

    private void wake() {
        guard.lock();
        try {
            room.signalAll();
        } finally {
            guard.unlock();
        }
    }

    MemoryAccount memory() {
        return memory;
    }

    long bytes() {
        return bytes.get();
    }

    /// Tells the time of a writer that has to wait for `size` bytes, until it is closed.
    StallClock.Stall stall(long size) {
        return clock.begin(
                isAtOwnLimit(size) ? StallClock.Reason.OWN_LIMIT : StallClock.Reason.MEMORY, size);
    }

    /// All waits so far.
    DbStats.Stalls stalls() {
        return clock.stalls();
    }
}
