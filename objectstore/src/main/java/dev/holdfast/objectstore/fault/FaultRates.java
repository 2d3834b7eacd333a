package dev.holdfast.objectstore.fault;

import static dev.holdfast.base.Checks.require;

import java.time.Duration;

/// How often each fault strikes, in calls of a thousand; a call meets at most one.
///
/// @param outageCallsMax the longest outage, in calls
/// @param lateCallsMax the longest that a late put stays away, in calls
/// @param latencyMax the longest that a slow call takes
public record FaultRates(
        int failBefore,
        int lostReply,
        int late,
        int latency,
        int truncated,
        int bitFlip,
        int outage,
        int outageCallsMax,
        int lateCallsMax,
        Duration latencyMax) {
    public FaultRates {
        int sum = failBefore + lostReply + late + latency + truncated + bitFlip + outage;
        require(0 <= sum && sum <= 1000, "rates must sum to 0 to 1000: %d", sum);
        require(0 < outageCallsMax, "outageCallsMax must be positive: %d", outageCallsMax);
        require(0 < lateCallsMax, "lateCallsMax must be positive: %d", lateCallsMax);
    }

    /// Calls that fail, replies that get lost, puts that land late, short outages, some latency:
    /// all that a correct client survives without a person. Bodies stay intact.
    public static FaultRates unreliable() {
        return new FaultRates(40, 40, 20, 20, 0, 0, 4, 5, 8, Duration.ofMillis(2));
    }

    /// Only bodies go wrong: cut short, or with a bit flipped.
    public static FaultRates corrupting() {
        return new FaultRates(0, 0, 0, 0, 20, 20, 0, 1, 1, Duration.ZERO);
    }
}
