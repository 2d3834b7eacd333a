package dev.holdfast.simulation.matrix;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tells [UpkeepHistory] in many worlds.
@Timeout(300)
class UpkeepHistoryTest {
    private static final int SEEDS = 20;

    @Test
    @Tag("CMP-02")
    @Tag("CMP-04")
    @Tag("CMP-07")
    @Tag("GC-03")
    void shouldKeepEveryRowAndEveryPromiseThroughCompactionsAndCollections() {
        var history = new UpkeepHistory();
        Seeds.of(history.name(), SEEDS)
                .forEach(seed -> history.run(new Simulation(seed, history.setup(seed))));
    }
}
