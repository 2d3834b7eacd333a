package dev.holdfast.simulation.swarm;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What came of one run.
///
/// @param hash who ran when, and everything the store and the clients saw
/// @param findings what is wrong; empty if nothing is
/// @param counts how often each thing happened that a batch of runs must have met
/// @param acknowledged writes that were acknowledged, at any level
/// @param virtual how much time passed in the simulated world
/// @param excerpt of the history, if something is wrong: what may explain it
public record Verdict(
        long seed,
        long hash,
        List<String> findings,
        Map<String, Long> counts,
        long acknowledged,
        Duration virtual,
        String excerpt) {
    /// True if nothing is wrong.
    public boolean isGood() {
        return findings.isEmpty();
    }

    /// What a person needs to repeat a failed run and to begin to understand it.
    public String explained() {
        return "swarm seed=%d%nreplay: ./holdfast-sim swarm --seed %d%n%s%n%s"
                .formatted(seed, seed, String.join(System.lineSeparator(), findings), excerpt);
    }
}
