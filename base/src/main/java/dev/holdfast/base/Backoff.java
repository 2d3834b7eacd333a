package dev.holdfast.base;

import static dev.holdfast.base.Checks.require;

import java.time.Duration;

/// Pauses between attempts: each twice as long as the one before, up to a bound, with jitter so
/// that clients do not march in step. Not thread-safe.
public final class Backoff {
    private final Env env;
    private final Duration first;
    private final Duration longest;
    private Duration bound;

    /// @param first the bound of the first pause
    /// @param longest the bound of every later pause
    public Backoff(Env env, Duration first, Duration longest) {
        require(first.isPositive(), "the first pause must be positive: %s", first);
        require(first.compareTo(longest) <= 0, "first pause %s exceeds %s", first, longest);
        this.env = env;
        this.first = first;
        this.longest = longest;
        bound = first;
    }

    /// The next pause: between half its bound and its bound.
    public Duration next() {
        long nanos = bound.toNanos();
        bound = bound.compareTo(longest.dividedBy(2)) < 0 ? bound.multipliedBy(2) : longest;
        return Duration.ofNanos(nanos - Long.remainderUnsigned(env.randomLong(), nanos / 2 + 1));
    }

    /// Starts over with the first pause, after a success.
    public void reset() {
        bound = first;
    }
}
