package dev.holdfast.lifecycle.gate;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A bounded queue between a producer and a consumer that can be sealed.
///
/// Invariants:
/// 1. Once sealed it takes nothing, and what it took before can still be taken (LIFE-22).
/// 2. [#offer] never blocks and never throws (LIFE-24).
///
/// Thread-safe.
public final class Mailbox<T> {
    private final String name;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final WaitPoint notEmpty;
    private final WaitPoint notFull;
    private @Nullable String sealReason;
    private volatile long taken;

    /// @param consumer the name of the component or task that takes; putters learn when it ended
    /// @param producer the name of the one that puts; takers learn when it ended
    public Mailbox(String name, int capacity, String producer, String consumer) {
        require(0 < capacity, "capacity of %s must be positive: %d", name, capacity);
        this.name = name;
        this.capacity = capacity;
        notEmpty = new WaitPoint(lock, WaitKind.IDLE, name + " to hold something", producer);
        notFull = new WaitPoint(lock, WaitKind.CAPACITY, "room in " + name, consumer);
    }

    /// Puts `item` in if there is room now.
    public Offer offer(T item) {
        lock.lock();
        try {
            return add(item);
        } finally {
            lock.unlock();
        }
    }

    /// Puts `item` in as soon as there is room. FULL if the deadline passed, the token was
    /// cancelled or the consumer has ended.
    public Offer put(T item, Deadline deadline, Token token) throws InterruptedException {
        lock.lock();
        try {
            notFull.await(() -> sealReason != null || items.size() < capacity, deadline, token);
            return add(item);
        } finally {
            lock.unlock();
        }
    }

    private Offer add(T item) {
        if (sealReason != null) return Offer.SEALED;
        if (capacity <= items.size()) return Offer.FULL;
        items.add(item);
        notEmpty.signalAll();
        return Offer.ACCEPTED;
    }

    /// The oldest item, as soon as there is one. Null if it is sealed and empty ([#isFinished]),
    /// the deadline passed, the token was cancelled, or the producer has ended and left it empty.
    public @Nullable T take(Deadline deadline, Token token) throws InterruptedException {
        lock.lock();
        try {
            WaitResult result =
                    notEmpty.await(() -> sealReason != null || !items.isEmpty(), deadline, token);
            return result == WaitResult.SATISFIED ? removeOldest() : null;
        } finally {
            lock.unlock();
        }
    }

    /// The oldest item if there is one now.
    public @Nullable T poll() {
        lock.lock();
        try {
            return removeOldest();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable T removeOldest() {
        T item = items.poll();
        if (item == null) return null;
        taken = taken + 1;
        notFull.signalAll();
        return item;
    }

    /// Takes nothing from now on; who waits to put or take looks again. The first reason stays.
    public void seal(String reason) {
        lock.lock();
        try {
            if (sealReason == null) sealReason = reason;
            notEmpty.signalAll();
            notFull.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Why it was sealed; null while it is open.
    public @Nullable String sealReason() {
        lock.lock();
        try {
            return sealReason;
        } finally {
            lock.unlock();
        }
    }

    /// True once it is sealed and everything in it was taken.
    public boolean isFinished() {
        lock.lock();
        try {
            return sealReason != null && items.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// How many items are in.
    public int size() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }

    /// How many items were taken so far.
    public long taken() {
        return taken;
    }

    /// What is in now, oldest first, without taking it.
    public List<T> remaining() {
        lock.lock();
        try {
            return new ArrayList<>(items);
        } finally {
            lock.unlock();
        }
    }

    /// What it is called.
    public String name() {
        return name;
    }
}
