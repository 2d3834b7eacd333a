package dev.holdfast.base;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// An instant on the clock of an [Env] that never goes back, by which something must be over.
///
/// Thread-safe: the instant is fixed, only the clock moves.
public final class Deadline {
    private final Env env;
    private final long atNanos;

    private Deadline(Env env, long atNanos) {
        this.env = env;
        this.atNanos = atNanos;
    }

    /// `duration` from now. Durations over a century count as a century.
    public static Deadline after(Env env, Duration duration) {
        long nanos = Math.min(saturatedNanos(duration), TimeUnit.DAYS.toNanos(36_500));
        return new Deadline(env, env.nanoTime() + nanos);
    }

    /// This deadline, or `duration` from now, whichever comes first.
    public Deadline atMost(Duration duration) {
        Deadline other = after(env, duration);
        return other.atNanos - atNanos < 0 ? other : this;
    }

    /// What is left, never negative.
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /// What is left in nanoseconds, never negative.
    public long remainingNanos() {
        return Math.max(0, atNanos - env.nanoTime());
    }

    /// True once nothing is left.
    public boolean isExpired() {
        return remainingNanos() == 0;
    }

    private static long saturatedNanos(Duration duration) {
        try {
            return Math.max(0, duration.toNanos());
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    @Override
    public String toString() {
        return "in " + remaining().toMillis() + " ms";
    }
}
