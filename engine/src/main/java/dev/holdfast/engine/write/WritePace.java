package dev.holdfast.engine.write;

import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/// How fast writers may go while more waits to become tables than is good: all go a little slower,
/// so that none has to stop.
///
/// From half of the limit on they get together what becomes tables in the same time: twice as much
/// at the half, four fifths at the limit. Where L0 is crowded as well they get less, in the square
/// of how crowded it is.
///
/// Thread-safe.
final class WritePace {
    static final Duration PAUSE_LONGEST = Duration.ofMillis(100);

    private static final long PAUSE_SHORTEST = Duration.ofMillis(1).toNanos();
    private static final double AT_HALF = 2;
    private static final double AT_LIMIT = 0.8;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long high;
    private final long limit;
    private final Env env;
    private final AtomicLong freeAt;
    private volatile double drained; // bytes a second, 0 as long as nothing was flushed
    private volatile DoubleSupplier crowding = () -> 0;

    /// @param limit what may wait to become tables, in bytes
    WritePace(long limit, Env env) {
        this.limit = limit;
        this.env = env;
        high = limit / 2;
        freeAt = new AtomicLong(env.nanoTime());
    }

    /// `crowding` says by what part of their limit the L0 tables exceed it, 0 if they do not.
    void crowdedBy(DoubleSupplier crowding) {
        this.crowding = crowding;
    }

    /// A memtable of `bytes` has become a table within `nanos`.
    void drained(long bytes, long nanos) {
        double rate = bytes * (double) SECOND / Math.max(1, nanos);
        drained = drained == 0 ? rate : (drained + rate) / 2;
    }

    /// True if `waiting` bytes are more than may wait while writers go at full speed.
    boolean isSlow(long waiting) {
        return high < waiting;
    }

    /// True if writers go at full speed while `waiting` bytes wait.
    boolean isFree(long waiting) {
        return isFree(waiting, crowding.getAsDouble());
    }

    private boolean isFree(long waiting, double excess) {
        return drained == 0 || (excess == 0 && !isSlow(waiting));
    }

    /// How long a writer of `bytes` pauses first, in nanoseconds, if `waiting` bytes wait already.
    long pauseFor(long bytes, long waiting) {
        double excess = crowding.getAsDouble();
        if (isFree(waiting, excess)) return 0;
        long now = env.nanoTime();
        long take =
                (long) Math.min(PAUSE_LONGEST.toNanos(), bytes * SECOND / rate(waiting, excess));
        long latest = now + PAUSE_LONGEST.toNanos();
        long before = freeAt.getAndUpdate(at -> earlier(later(at, now) + take, latest));
        long pause = Math.min(PAUSE_LONGEST.toNanos(), before - now);
        // What is too short to be worth a pause is made up for by those who come next.
        return pause < PAUSE_SHORTEST ? 0 : pause;
    }

    private double rate(long waiting, double excess) {
        double filled = Math.clamp((waiting - high) / (double) Math.max(1, limit - high), 0, 1);
        double share = AT_HALF + (AT_LIMIT - AT_HALF) * filled;
        return Math.max(1, drained * share / Math.pow(1 + excess, 2));
    }

    private static long later(long one, long other) {
        return one - other < 0 ? other : one;
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }
}
