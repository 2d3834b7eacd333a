package dev.holdfast.simulation.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Seeds;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Seeds of the swarm that uses all that an engine offers, those that ever failed first, each told
/// twice. `-Dseed=7` tells one, `-Dsimulation.seeds=1000` more.
@Timeout(600)
class FeatureSwarmTest {
    private static final int SEEDS = 25;

    private static Verdict toldTwice(long seed) {
        var last = new AtomicReference<Verdict>();
        Simulation.twice(
                seed, new FeatureSwarm().setup(seed), run -> last.set(FeatureSwarm.verdict(run)));
        return last.get();
    }

    @Test
    void shouldKeepItsPromisesWhateverIsUsed() {
        var tally = new Tally();
        Seeds.known(new FeatureSwarm().name(), SEEDS)
                .forEach(seed -> {
                    Verdict verdict = toldTwice(seed);
                    assertTrue(verdict.isGood(), verdict::explained);
                    tally.add(verdict);
                });
        System.out.println("swarm-features: " + tally.line());
        if (SEEDS <= tally.seeds()) assertEquals("", tally.neverMet(Tally.FEATURES));
    }
}
