package dev.holdfast.simulation.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Seeds;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Seeds of the swarm, those that ever failed first, each run twice. `-Dseed=7` repeats one,
/// `-Dsimulation.seeds=1000` runs more.
@Timeout(600)
class SwarmTest {
    private static final int SEEDS = 100;
    private static final long ACKNOWLEDGED_MIN = 20; // of a run, on average

    @Test
    void shouldKeepItsPromisesInAHostileWorld() {
        var tally = new Tally();
        var last = new AtomicReference<Verdict>();
        long began = System.nanoTime();
        Seeds.of("swarm", SEEDS)
                .forEach(seed -> {
                    Simulation.twice(
                            seed,
                            new Swarm().setup(seed),
                            simulation -> last.set(Swarm.verdict(simulation)));
                    Verdict verdict = last.get();
                    assertTrue(verdict.isGood(), verdict::explained);
                    tally.add(verdict);
                });
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        System.out.println("swarm, each seed twice, in " + seconds + " s: " + tally.line());
        if (Seeds.isOneAlone()) return;
        assertTrue(ACKNOWLEDGED_MIN * tally.seeds() < tally.acknowledged(), tally.line());
        assertEquals("", tally.neverMet(Tally.OFTEN));
    }
}
