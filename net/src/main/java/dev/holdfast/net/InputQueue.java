package dev.holdfast.net;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Bytes that came in and wait for the reader, in order. Thread-safe.
///
/// Invariant: the source is paused while more than `bytesMax` wait, so that what waits is bounded
/// by that and the one chunk that was under way.
///
/// While the reader waits, what comes may be lent to a stand-in: the reader then stays until it is
/// given back, whatever else happens.
///
/// A timer for each wait would cost more than all else that a small request costs. Where somebody
/// ticks, a long wait is timed by that, and ends at most a tick too late.
final class InputQueue {
    /// How long it is from one [#tick] to the next.
    static final Duration TICK = Duration.ofSeconds(1);

    private static final Duration TICKED_MIN = Duration.ofSeconds(60);
    private static final int LENT_BYTES_MAX = 64 * 1024;

    /// Where the bytes come from.
    interface Source {
        /// Stops sending, as far as it can. Must not wait.
        void pause();

        /// Sends again. Must not wait.
        void resume();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition givenBack = lock.newCondition();
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
    private boolean isTicking;
    private @Nullable StandIn standIn;
    private boolean isAwaited; // the reader waits
    private boolean isLent;
    private volatile long ticksLeft; // of a wait that ticks end; also read without the lock
    private @Nullable PipeException failure;

    InputQueue(long bytesMax, Source source) {
        this.bytesMax = bytesMax;
        this.source = source;
    }

    /// Returns the stand-in that has the queue from now on; null if nobody was lent it.
    @Nullable StandIn add(Bytes chunk) {
        lock.lock();
        try {
            if (discarding || chunk.isEmpty()) return null;
            boolean isOrdinary = isAwaited && !isLent && isQuiet();
            chunks.add(chunk);
            bytes += chunk.length();
            if (!paused && bytesMax < bytes) {
                paused = true;
                source.pause();
            }
            if (isLent) return null;
            isLent = isOrdinary && standIn != null && chunk.length() <= LENT_BYTES_MAX;
            if (isLent) return standIn;
            changed.signalAll();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// From now on `standIn` may be lent the queue.
    void lendTo(StandIn standIn) {
        lock.lock();
        try {
            this.standIn = standIn;
        } finally {
            lock.unlock();
        }
    }

    /// What waits, for the stand-in alone; empty if nothing does.
    Bytes takeLent() {
        lock.lock();
        try {
            if (!isLent) throw new IllegalStateException("not lent");
            return chunks.isEmpty() ? Bytes.EMPTY : remove();
        } finally {
            lock.unlock();
        }
    }

    boolean giveBack(BytePipe.Reader reader) {
        lock.lock();
        try {
            boolean mayStay = reader == BytePipe.Reader.WAITS && !woken && !ended;
            if (mayStay && failure == null && !chunks.isEmpty()) return false;
            isLent = false;
            givenBack.signalAll();
            if (reader == BytePipe.Reader.WAITS) return true;
            woken = true;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Nullable Bytes take(Duration timeout) throws PipeException, InterruptedException {
        lock.lockInterruptibly();
        try {
            await(timeout);
            woken = false;
            if (!chunks.isEmpty()) return remove();
            if (ended) return null;
            if (failure != null) throw failure;
            return Bytes.EMPTY;
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration timeout) throws InterruptedException {
        isAwaited = true;
        try {
            if (isTicking && TICKED_MIN.compareTo(timeout) <= 0) awaitTicks(timeout);
            else awaitNanos(timeout);
        } finally {
            awaitReturn();
            isAwaited = false;
        }
    }

    @Adapter("a stand-in never waits, so it gives back soon")
    private void awaitReturn() {
        while (isLent) givenBack.awaitUninterruptibly();
    }

    private boolean isQuiet() {
        return chunks.isEmpty() && !ended && !woken && failure == null;
    }

    private void awaitNanos(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        while (isQuiet() && 0 < left) left = changed.awaitNanos(left);
    }

    @Adapter("a wait without a timer of its own: ticks end it")
    private void awaitTicks(Duration timeout) throws InterruptedException {
        if (!isQuiet()) return;
        ticksLeft = timeout.dividedBy(TICK) + 1;
        try {
            while (isQuiet() && 0 < ticksLeft) changed.await();
        } finally {
            ticksLeft = 0;
        }
    }

    /// From now on somebody calls [#tick] after each [#TICK].
    void startTicking() {
        lock.lock();
        try {
            isTicking = true;
        } finally {
            lock.unlock();
        }
    }

    /// Nobody does any more. Waits end, and look again.
    void stopTicking() {
        lock.lock();
        try {
            isTicking = false;
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A [#TICK] has passed.
    void tick() {
        if (ticksLeft == 0) return;
        lock.lock();
        try {
            ticksLeft = Math.max(0, ticksLeft - 1);
            if (ticksLeft == 0) changed.signalAll();
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

    /// True once nothing more will come, whether all that came was taken or not.
    boolean isOver() {
        lock.lock();
        try {
            return ended || failure != null;
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

    /// Forgets what waits and what still comes, and waits for the end of it: for `timeout`, and
    /// then for as long as `more` tells.
    void discardUntilEnd(Duration timeout, Supplier<Duration> more) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            discarding = true;
            chunks.clear();
            bytes = 0;
            resumeIfLow();
            while (!ended && failure == null && 0 < left) {
                left = changed.awaitNanos(left);
                if (left <= 0) left = more.get().toNanos();
            }
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
