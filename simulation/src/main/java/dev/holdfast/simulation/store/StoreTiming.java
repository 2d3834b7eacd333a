package dev.holdfast.simulation.store;

import static dev.holdfast.base.Checks.require;

import java.time.Duration;

/// How long things take in a simulated store.
///
/// @param wayMax the longest that a request, or a reply, is usually on its way
/// @param slowMax the longest that a slow one is on its way
/// @param callDeadline how long a caller waits for an answer
/// @param lateMax the longest that a late or duplicated mutation stays away
/// @param phaseMax the longest phase of failure
/// @param lagMax the longest that what was stored is not found, or not listed
public record StoreTiming(
        Duration wayMax,
        Duration slowMax,
        Duration callDeadline,
        Duration lateMax,
        Duration phaseMax,
        Duration lagMax) {
    public StoreTiming {
        require(wayMax.isPositive(), "wayMax must be positive: %s", wayMax);
        require(slowMax.isPositive(), "slowMax must be positive: %s", slowMax);
        require(callDeadline.isPositive(), "callDeadline must be positive: %s", callDeadline);
        require(lateMax.isPositive(), "lateMax must be positive: %s", lateMax);
        require(phaseMax.isPositive(), "phaseMax must be positive: %s", phaseMax);
        require(lagMax.isPositive(), "lagMax must be positive: %s", lagMax);
    }

    /// A store across a region, with effects that come up to ten minutes late.
    public static StoreTiming usual() {
        return new StoreTiming(
                Duration.ofMillis(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(600),
                Duration.ofSeconds(5),
                Duration.ofMillis(200));
    }
}
