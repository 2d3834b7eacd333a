package dev.holdfast.simulation.copy;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tells [CloneHistory] in many worlds.
@Timeout(300)
class CloneHistoryTest {
    private static final int SEEDS = 30;

    @Test
    void shouldKeepWhatAChildNeedsAndLeakNothingOnceItIsDetached() {
        var history = new CloneHistory();
        Seeds.of(history.name(), SEEDS)
                .forEach(seed -> {
                    try {
                        history.run(new Simulation(seed, history.setup(seed)));
                    } catch (AssertionError | RuntimeException wrong) {
                        throw new AssertionError("seed=" + seed, wrong);
                    }
                });
    }
}
