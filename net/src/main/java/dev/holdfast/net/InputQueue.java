package dev.holdfast.net;

import dev.holdfast.base.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Bytes that came in and wait for the reader, in order. Thread-safe.
///
/// Invariant: the source is paused while more than `bytesMax` wait, so that what waits is bounded
/// by that and the one chunk that was under way.
final class InputQueue {
    /// Where the bytes come from.
    interface Source {
        /// Stops sending, as far as it can. Must not wait.
        void pause();

        /// Sends again. Must not wait.
        void resume();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Bytes> chunks = new ArrayDeque<>();
    private final long bytesMax;
    private final Source source;

    // all guarded by lock
    private long bytes;
    private long takenBytes;
    private boolean paused;
    private boolean ended;
    private boolean woken;
    private boolean discarding;
    private @Nullable PipeException failure;

    InputQueue(long bytesMax, Source source) {
        this.bytesMax = bytesMax;
        this.source = source;
    }

    void add(Bytes chunk) {
        lock.lock();
        try {
            if (discarding || chunk.isEmpty()) return;
            chunks.add(chunk);
            bytes += chunk.length();
            if (!paused && bytesMax < bytes) {
                paused = true;
                source.pause();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Nullable Bytes take(Duration timeout) throws PipeException, InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (chunks.isEmpty() && !ended && !woken && failure == null && 0 < left)
                left = changed.awaitNanos(left);
            woken = false;
            if (!chunks.isEmpty()) return remove();
            if (ended) return null;
            if (failure != null) throw failure;
            return Bytes.EMPTY;
        } finally {
            lock.unlock();
        }
    }

    long available() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    long taken() {
        lock.lock();
        try {
            return takenBytes;
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void fail(PipeException cause) {
        lock.lock();
        try {
            if (failure == null) failure = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Forgets what waits and what still comes, and waits for the end of it.
    void discardUntilEnd(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            discarding = true;
            chunks.clear();
            bytes = 0;
            resumeIfLow();
            while (!ended && failure == null && 0 < left) left = changed.awaitNanos(left);
        } finally {
            lock.unlock();
        }
    }

    private Bytes remove() {
        Bytes chunk = chunks.remove();
        bytes -= chunk.length();
        takenBytes += chunk.length();
        resumeIfLow();
        return chunk;
    }

    private void resumeIfLow() {
        if (!paused || bytesMax / 2 < bytes) return;
        paused = false;
        source.resume();
    }
}
