package dev.holdfast.simulation.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Seeds;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Seeds of the swarm, those that ever failed first, each told twice. `-Dseed=7` repeats one,
/// `-Dsimulation.seeds=1000` runs more.
@Timeout(600)
class SwarmTest {
    private static final int SEEDS = 150;
    private static final long ACKNOWLEDGED_MIN = 20; // of a run, on average

    private static Verdict toldTwice(long seed) {
        var last = new AtomicReference<Verdict>();
        Simulation.twice(seed, new Swarm().setup(seed), run -> last.set(Swarm.verdict(run)));
        return last.get();
    }

    @Test
    @Tag("MAN-01")
    @Tag("MAN-02")
    @Tag("MAN-06")
    @Tag("CMP-02")
    @Tag("GC-02")
    @Tag("OBJ-20")
    @Tag("OBJ-21")
    void shouldKeepItsPromisesInAHostileWorld() {
        var tally = new Tally();
        long began = System.nanoTime();
        Seeds.of("swarm", SEEDS)
                .forEach(seed -> {
                    Verdict verdict = toldTwice(seed);
                    assertTrue(verdict.isGood(), verdict::explained);
                    tally.add(verdict);
                });
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        System.out.println("swarm in " + seconds + " s: " + tally.line());
        if (Seeds.isOneAlone()) return;
        assertTrue(ACKNOWLEDGED_MIN * tally.seeds() < tally.acknowledged(), tally.line());
        assertEquals("", tally.neverMet(Tally.OFTEN));
    }
}
