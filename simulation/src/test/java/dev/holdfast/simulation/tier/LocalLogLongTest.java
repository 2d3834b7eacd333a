package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.report.Figures;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Thousands of power cuts of machines with a local log, in worlds that are drawn: as many as
/// `-Dlocal-log.cuts` says.
@Tag("long")
class LocalLogLongTest {
    private static final long CUTS = Long.getLong("local-log.cuts", 10_000);
    private static final long FIRST_SEED = Long.getLong("local-log.first", 0);

    @Test
    @Tag("LOC-02")
    @Timeout(value = 55, unit = TimeUnit.MINUTES)
    void shouldKeepWhatWasAcknowledgedOverThousandsOfPowerCuts() {
        var history = new TierHistory();
        long cuts = 0;
        long replays = 0;
        long seed = FIRST_SEED;
        for (; cuts < CUTS; seed++) {
            var simulation = new Simulation(seed);
            history.run(simulation);
            cuts += times(simulation, "power cut");
            replays += times(simulation, "tail replayed");
        }
        System.out.printf(
                "local log: %d power cuts in %d worlds, %d replays of a tail%n",
                cuts, seed - FIRST_SEED, replays);
        assertTrue(0 < replays, "no tail was ever replayed");
        Figures.record("simulated power cuts, 0 LOCAL-acknowledged commits lost", cuts);
        Figures.record("replays of a tail that only the disk had, in those worlds", replays);
    }

    private static long times(Simulation simulation, String what) {
        return simulation.reached().getOrDefault(what, 0L);
    }
}
