package dev.holdfast.simulation.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.report.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tells [CloneHistory] in thousands of worlds, one on each processor at a time.
/// `-Dclone.seeds=500` tells fewer, `-Dclone.first=2000` begins at another seed.
@Tag("long")
@Timeout(3600)
class CloneHistoryLongTest {
    private static final long SEEDS = Long.getLong("clone.seeds", 2_000);
    private static final long FIRST = Long.getLong("clone.first", 0);
    private static final int FAILURES_SHOWN_MAX = 3;
    private static final int EVERY = 100;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong next = new AtomicLong(FIRST);

    @Test
    void shouldKeepWhatAChildNeedsInThousandsOfWorlds() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++)
            threads.add(Thread.ofPlatform().start(this::tellAll));
        for (Thread each : threads) each.join();

        List<String> shown = failures.stream().limit(FAILURES_SHOWN_MAX).toList();
        assertEquals("", String.join("\n\n", shown), failures.size() + " failures");
        Figures.record("worlds of clones, unions, detachments and drops, nothing lost", SEEDS);
    }

    private void tellAll() {
        var history = new CloneHistory();
        for (long seed = next.getAndIncrement();
                seed < FIRST + SEEDS;
                seed = next.getAndIncrement()) {
            try {
                history.run(new Simulation(seed, history.setup(seed)));
            } catch (AssertionError | RuntimeException wrong) {
                failures.add("clones seed=" + seed + "\n" + wrong);
            }
            if (seed % EVERY == 0) System.out.println("clones: told to " + seed);
        }
    }
}
