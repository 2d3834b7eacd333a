package dev.holdfast.simulation.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.history.Seeds;
import dev.holdfast.simulation.report.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Ten thousand seeds of the swarm, a run on each processor at a time; one in twenty is run twice.
@Tag("long")
@Timeout(3600)
class SwarmLongTest {
    private static final int SEEDS = 10_000;
    private static final int TWICE = 20;
    private static final int FAILURES_SHOWN_MAX = 3;

    private final Tally tally = new Tally();
    private final Queue<Long> seeds = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Test
    void shouldKeepItsPromisesInTenThousandHostileWorlds() throws InterruptedException {
        Seeds.of("swarm", SEEDS).forEach(seeds::add);
        long began = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++)
            threads.add(Thread.ofPlatform().start(this::runAll));
        for (Thread each : threads) each.join(Duration.ofHours(1));
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        System.out.printf("swarm in %d s: %s%n", took.toSeconds(), tally.line());
        List<String> shown = failures.stream().limit(FAILURES_SHOWN_MAX).toList();
        assertEquals("", String.join("\n\n", shown), failures.size() + " failures");
        assertTrue(seeds.isEmpty(), "not done in time: " + seeds.size());
        List<String> expected = Stream.concat(Tally.OFTEN.stream(), Tally.SELDOM.stream()).toList();
        assertEquals("", tally.neverMet(expected));
        record(took);
    }

    private void runAll() {
        for (Long seed = seeds.poll(); seed != null; seed = seeds.poll()) {
            Verdict verdict = Swarm.run(seed);
            tally.add(verdict);
            if (!verdict.isGood()) failures.add(verdict.explained());
            boolean isToRepeat = seed % TWICE == 0;
            if (isToRepeat && Swarm.run(seed).hash() != verdict.hash())
                failures.add("the same seed gave two histories. seed=" + seed);
        }
    }

    private void record(Duration took) {
        Figures.record(
                "seeds of the swarm, 0 acknowledged writes lost, 0 divergences", tally.seeds());
        Figures.record("writes acknowledged in those runs", tally.acknowledged());
        Figures.record("hours that passed in those worlds", tally.virtual().toHours());
        Figures.record(
                "seeds of the swarm told in a second",
                tally.seeds() / Math.max(1, took.toSeconds()));
    }
}
