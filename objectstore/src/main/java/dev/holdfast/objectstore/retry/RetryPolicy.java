package dev.holdfast.objectstore.retry;

import static dev.holdfast.base.Checks.require;

import java.time.Duration;

/// How long to go on asking.
///
/// @param attemptsMax how often a call is made at most, the first included
/// @param pauseMin the upper bound of the first pause; it doubles with each attempt
/// @param pauseMax no pause is longer
/// @param total no new attempt begins when this time is over
public record RetryPolicy(int attemptsMax, Duration pauseMin, Duration pauseMax, Duration total) {
    public RetryPolicy {
        require(0 < attemptsMax, "attemptsMax must be positive: %d", attemptsMax);
        require(pauseMin.isPositive(), "pauseMin must be positive: %s", pauseMin);
        require(pauseMin.compareTo(pauseMax) <= 0, "pauseMin exceeds pauseMax: %s", pauseMin);
        require(total.isPositive(), "total must be positive: %s", total);
    }

    /// Twenty attempts within ten seconds.
    public static RetryPolicy defaults() {
        return new RetryPolicy(
                20, Duration.ofMillis(10), Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    /// The upper bound of the pause after `attempt` (from 1).
    Duration pauseBound(int attempt) {
        Duration doubled = pauseMin.multipliedBy(1L << Math.min(attempt - 1, 20));
        return doubled.compareTo(pauseMax) < 0 ? doubled : pauseMax;
    }
}
