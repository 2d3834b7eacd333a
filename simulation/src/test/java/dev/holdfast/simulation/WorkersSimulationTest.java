package dev.holdfast.simulation;

import dev.holdfast.simulation.history.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tells [WorkersHistory] in many worlds, and counts that what it is there for did happen.
@Timeout(300)
class WorkersSimulationTest {
    private static final int SEEDS = 6;

    @Test
    @Tag("CMP-01")
    @Tag("CMP-02")
    void shouldCompactToTheSameRowsWhateverBecomesOfItsWorkers() {
        var history = new WorkersHistory();
        var sometimes =
                new Sometimes(
                        "offered",
                        "done by workers",
                        "worker killed",
                        "worker frozen",
                        "reclaimed",
                        "late",
                        "lost",
                        "given back",
                        "taken over",
                        "resumed",
                        "compacted");
        Seeds.of(history.name(), SEEDS)
                .forEach(seed -> {
                    var simulation = new Simulation(seed, history.setup(seed));
                    history.run(simulation);
                    sometimes.add(simulation);
                });
        System.out.println(sometimes);
        if (!Seeds.isOneAlone()) sometimes.mustHaveHappenedIn(0.1);
    }
}
