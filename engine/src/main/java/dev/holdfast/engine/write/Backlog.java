package dev.holdfast.engine.write;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// The bytes of all memtables that are not in tables yet, and the wait for room among them.
///
/// Invariant: `bytes` is what those memtables hold plus what is set aside for batches about to be
/// applied. It exceeds the limit only by one batch that would not fit alone, and by what commit
/// hooks and recovery add.
///
/// Thread-safe. The wait is outside the commit order.
final class Backlog {
    private final long limit;
    private final Ending ending;
    private final Token token;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final ReentrantLock guard = new ReentrantLock();
    private final WaitPoint room;
    private volatile int waiters;

    Backlog(ByteSize limit, Ending ending, Token token) {
        this.limit = limit.bytes();
        this.ending = ending;
        this.token = token;
        room = new WaitPoint(guard, WaitKind.CAPACITY, "room for a batch", MemtableFlusher.NAME);
        ending.listen(this::wake);
    }

    /// Sets `size` bytes aside if there is room now.
    boolean tryReserve(long size) {
        while (true) {
            long seen = bytes.get();
            if (seen != 0 && limit < seen + size) return false;
            if (bytes.compareAndSet(seen, seen + size)) return true;
        }
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
            waiters++;
            room.await(
                    () -> reservation.isMade() || seen != changes.get() || ending.isReached(),
                    deadline,
                    token);
            ending.check();
            isKept = reservation.isMade;
            if (isKept || (seen != changes.get() && !deadline.isExpired())) return isKept;
            throw new Unavailable(
                    "no room in memory, nothing was committed. unflushed=`%d`, limit=`%d`"
                            .formatted(bytes.get(), limit),
                    null);
        } finally {
            waiters--;
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

    long bytes() {
        return bytes.get();
    }
}
