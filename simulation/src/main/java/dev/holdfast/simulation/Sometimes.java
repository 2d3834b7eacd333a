package dev.holdfast.simulation;

import java.util.Map;
import java.util.TreeMap;

/// Counts over many runs how often what should happen sometimes did happen: a suite in which a
/// fault never struck, or a path was never taken, proves nothing.
///
/// A run notes an event by [Simulation#reached]. Not thread-safe.
public final class Sometimes {
    private final Map<String, Long> runsWith = new TreeMap<>();
    private long runs;

    /// @param expected what must happen
    public Sometimes(String... expected) {
        for (String each : expected) runsWith.put(each, 0L);
    }

    /// Counts what was reached in `run`.
    public void add(Simulation run) {
        runs++;
        for (String each : run.reached().keySet()) runsWith.merge(each, 1L, Long::sum);
    }

    /// How many runs reached `what`.
    public long runsWith(String what) {
        return runsWith.getOrDefault(what, 0L);
    }

    /// Throws [AssertionError] if something happened in less than `share` of all runs, or never.
    public void mustHaveHappenedIn(double share) {
        var rare = new TreeMap<String, Long>();
        runsWith.forEach((what, count) -> {
            if (count == 0 || count < share * runs) rare.put(what, count);
        });
        if (!rare.isEmpty()) {
            throw new AssertionError("too rare in " + runs + " runs: " + rare);
        }
    }

    @Override
    public String toString() {
        return runs + " runs: " + runsWith;
    }
}
