package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.Durability;
import dev.holdfast.simulation.history.EngineCrashHistory;
import dev.holdfast.simulation.history.Histories;
import dev.holdfast.simulation.history.Seeds;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The real engine in a simulated world: writers are killed with their machine at a random instant,
/// another machine opens what is left. `-Dseed=7` repeats one run.
@Timeout(300)
class EngineCrashSimulationTest {
    private static final int SEEDS = 25;

    private static final Sometimes SOMETIMES = new Sometimes("fault", "acknowledged");
    private static long acknowledgements;
    private static long runs;
    private static Duration virtualTime = Duration.ZERO;

    static LongStream seeds() {
        return Seeds.of("engine-crash", SEEDS);
    }

    /// A run in which nothing happens proves nothing.
    @AfterAll
    static void shouldHaveMetWhatMatters() {
        System.out.printf(
                "simulated: %s, %d writes acknowledged, %d s%n",
                SOMETIMES, acknowledgements, virtualTime.toSeconds());
        if (runs < SEEDS) return;
        SOMETIMES.mustHaveHappenedIn(0.5);
        assertTrue(20 * runs < acknowledgements, "acknowledged " + acknowledgements);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEveryAcknowledgedWriteWhenItsMachineDies(long seed) {
        Simulation run = Histories.toldTwice(new EngineCrashHistory(), seed);

        runs++;
        SOMETIMES.add(run);
        acknowledgements += run.reached().getOrDefault("acknowledgements", 0L);
        virtualTime = virtualTime.plus(run.elapsed());
    }

    /// The planted bug: an acknowledgement before the log object is in the store.
    @Test
    void shouldFindAWriterThatAcknowledgesTooEarly() {
        var tooEarly = new EngineCrashHistory(Durability.MEMORY);
        long seed = 0;
        while (seed < 200 && isFine(tooEarly, seed)) seed++;
        System.out.println("planted bug found at seed " + seed);
        long found = seed;
        var failure = assertThrows(AssertionError.class, () -> tooEarly.run(new Simulation(found)));
        assertTrue(failure.getMessage().contains("acknowledged"), failure.getMessage());
    }

    private static boolean isFine(EngineCrashHistory history, long seed) {
        try {
            history.run(new Simulation(seed));
            return true;
        } catch (AssertionError wrong) {
            return false;
        }
    }
}
