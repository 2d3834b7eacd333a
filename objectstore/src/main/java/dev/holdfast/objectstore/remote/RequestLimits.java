package dev.holdfast.objectstore.remote;

import dev.holdfast.base.ByteSize;
import dev.holdfast.objectstore.retry.RetryPolicy;
import java.time.Duration;

/// How long a request may take, how much goes in one, and how many run at a time.
///
/// @param connect the longest wait for a connection
/// @param idle the longest silence within a request
/// @param attempt the longest time for one request with a small body; larger ones get more
/// @param total no repeat begins when this time is over
/// @param partBytes the size of a part of an upload; objects of up to two parts go in one request
/// @param requestsMax the most requests at a time; fewer while the store asks to slow down
public record RequestLimits(
        Duration connect,
        Duration idle,
        Duration attempt,
        Duration total,
        long partBytes,
        int requestsMax) {
    private static final long BYTES_PER_SECOND_MIN = ByteSize.kibibytes(256).bytes();

    public static RequestLimits defaults() {
        return new RequestLimits(
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                ByteSize.mebibytes(8).bytes(),
                64);
    }

    public RequestLimits withAttempt(Duration longest) {
        return new RequestLimits(
                shorter(connect, longest),
                shorter(idle, longest),
                longest,
                total,
                partBytes,
                requestsMax);
    }

    public RequestLimits withTotal(Duration longest) {
        return new RequestLimits(connect, idle, attempt, longest, partBytes, requestsMax);
    }

    public RequestLimits withPartBytes(long bytes) {
        return new RequestLimits(connect, idle, attempt, total, bytes, requestsMax);
    }

    /// The longest time for one request with a body of `bytes`.
    public Duration attemptOf(long bytes) {
        return attempt.plusMillis(bytes * 1000 / BYTES_PER_SECOND_MIN);
    }

    /// Attempts for the whole of [#total], the first repeat soon.
    public RetryPolicy policy() {
        return new RetryPolicy(100, Duration.ofMillis(50), Duration.ofSeconds(2), total);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
