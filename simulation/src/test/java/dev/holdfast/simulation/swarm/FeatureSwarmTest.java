package dev.holdfast.simulation.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Simulation;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The first seeds of the swarm that uses all that an engine offers, each told twice. `-Dseed=7`
/// tells one, `-Dsimulation.seeds=1000` more.
@Timeout(600)
class FeatureSwarmTest {
    private static final int SEEDS = 25;

    private static Verdict toldTwice(long seed) {
        var last = new AtomicReference<Verdict>();
        Simulation.twice(
                seed, new FeatureSwarm().setup(seed), run -> last.set(FeatureSwarm.verdict(run)));
        return last.get();
    }

    private static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one == null
                ? LongStream.range(0, Integer.getInteger("simulation.seeds", SEEDS))
                : LongStream.of(one);
    }

    @Test
    void shouldKeepItsPromisesWhateverIsUsed() {
        var tally = new Tally();
        seeds().forEach(seed -> {
            Verdict verdict = toldTwice(seed);
            assertTrue(verdict.isGood(), verdict::explained);
            tally.add(verdict);
        });
        System.out.println("swarm-features: " + tally.line());
        if (SEEDS <= tally.seeds()) assertEquals("", tally.neverMet(Tally.FEATURES));
    }
}
