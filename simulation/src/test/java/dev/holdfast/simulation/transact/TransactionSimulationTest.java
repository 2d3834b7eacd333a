package dev.holdfast.simulation.transact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Seeds;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Transactions in hostile worlds: no cycle at serializable, write skew and nothing worse at
/// snapshot. `-Dseed=7` repeats one run, `-Dsimulation.seeds=1000` tells more.
@Timeout(600)
class TransactionSimulationTest {
    private static final int SEEDS = 40;
    private static final int TWICE = 10;

    @Test
    void shouldKeepItsPromisesInAHostileWorld() {
        var tally = new TransactionTally();
        long began = System.nanoTime();
        Seeds.of("transactions", SEEDS)
                .forEach(seed -> {
                    Story story = TransactionTally.told(seed);
                    assertEquals(List.of(), story.findings(), () -> "transactions seed=" + seed);
                    tally.add(story);
                    if (seed % TWICE == 0) isToldAlike(story.simulation());
                });
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        System.out.println("transactions in " + seconds + " s: " + tally.line());
        if (Seeds.isOneAlone()) return;
        assertTrue(100 * tally.runs() < tally.committed(), tally.line());
        assertEquals("", tally.neverMet());
    }

    private static void isToldAlike(Simulation first) {
        Story again = TransactionTally.told(first.seed());
        assertEquals(first.hash(), again.simulation().hash(), () -> "seed=" + first.seed());
    }
}
