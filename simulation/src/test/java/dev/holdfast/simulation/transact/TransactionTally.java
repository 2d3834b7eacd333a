package dev.holdfast.simulation.transact;

import dev.holdfast.simulation.Simulation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a batch of runs came to: a batch in which something never happened proves nothing about it.
final class TransactionTally {
    /// What a hundred runs meet.
    static final List<String> OFTEN =
            List.of(
                    "applied, and not durable in time",
                    "closed under way",
                    "conflict",
                    "fenced",
                    "transaction expired",
                    "transaction outrun",
                    "write skew at snapshot");

    private final Map<String, Long> runsWith = new TreeMap<>();
    private long runs;
    private long begun;
    private long committed;

    synchronized void add(Story story) {
        runs++;
        begun += story.begun();
        committed += story.committed();
        story.simulation().reached().keySet().forEach(what -> runsWith.merge(what, 1L, Long::sum));
    }

    synchronized long begun() {
        return begun;
    }

    synchronized long runs() {
        return runs;
    }

    synchronized long committed() {
        return committed;
    }

    synchronized String neverMet() {
        return OFTEN.stream()
                .filter(what -> !runsWith.containsKey(what))
                .collect(Collectors.joining(", "));
    }

    synchronized String line() {
        return "%,d runs, %,d transactions, %,d committed; runs that met %s"
                .formatted(runs, begun, committed, runsWith);
    }

    /// Tells one run, and adds it.
    static Story told(long seed) {
        return TransactionHistory.tell(new Simulation(seed, new TransactionHistory().setup(seed)));
    }
}
