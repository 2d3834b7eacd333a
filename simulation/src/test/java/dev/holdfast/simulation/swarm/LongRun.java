package dev.holdfast.simulation.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.simulation.report.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongFunction;

/// The first seeds of one kind of swarm, a run on each processor at a time; one in twenty is run
/// twice. Parts that were told before are not told again, unless code has changed.
///
/// `-Dsimulation.seeds=1000` tells fewer.
final class LongRun {
    private static final int PART = 100;
    private static final int TWICE = 20;
    private static final int FAILURES_SHOWN_MAX = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(57);

    private final String name;
    private final LongFunction<Verdict> swarm;
    private final int count;
    private final Tally tally = new Tally();
    private final Queue<Integer> parts = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final long began = System.nanoTime();
    private final Progress progress;

    LongRun(String name, LongFunction<Verdict> swarm, int seeds) throws IOException {
        this.name = name;
        this.swarm = swarm;
        count = Integer.getInteger("simulation.seeds", seeds);
        String kept = System.getProperty("holdfast.progress", "target");
        progress = new Progress(Path.of(kept, name + "-progress.txt"));
    }

    /// Tells them, and holds them to `expected`: what some run must have met.
    void tell(List<String> expected) throws IOException, InterruptedException {
        for (int first = 0; first < count; first += PART) parts.add(first);
        for (String part : progress.done()) parts.remove(tally.addPart(part));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++)
            threads.add(Thread.ofPlatform().start(this::tellAll));
        for (Thread each : threads) each.join(PATIENCE.plusMinutes(1));

        System.out.printf("%s: %s%n", name, tally.line());
        List<String> shown = failures.stream().limit(FAILURES_SHOWN_MAX).toList();
        assertEquals("", String.join("\n\n", shown), failures.size() + " failures");
        assertEquals(count, tally.seeds(), "not done in time: run it again, and it goes on");
        assertEquals("", tally.neverMet(expected));
        record();
        progress.forget();
    }

    private boolean hasTime() {
        return System.nanoTime() - began < PATIENCE.toNanos();
    }

    private void tellAll() {
        for (Integer part = parts.poll(); part != null && hasTime(); part = parts.poll()) {
            try {
                tell(part);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private void tell(int first) throws IOException {
        var own = new Tally();
        long start = System.nanoTime();
        boolean isGood = true;
        for (long seed = first; seed < Math.min(first + PART, count); seed++)
            isGood &= isGood(seed, own);
        own.took(Duration.ofNanos(System.nanoTime() - start));
        String part = own.asPart(first);
        tally.addPart(part);
        if (isGood) progress.add(part);
        System.out.println(name + ": told " + first + " to " + (first + PART - 1));
    }

    private boolean isGood(long seed, Tally own) {
        Verdict verdict = swarm.apply(seed);
        own.add(verdict);
        if (!verdict.isGood()) failures.add(verdict.explained());
        boolean isSame = seed % TWICE != 0 || swarm.apply(seed).hash() == verdict.hash();
        if (!isSame) failures.add("the same seed gave two histories. seed=" + seed);
        return verdict.isGood() && isSame;
    }

    private void record() {
        Figures.record(name + ": seeds told, 0 acknowledged writes lost", tally.seeds());
        Figures.record(name + ": seeds told twice, 0 divergences", (tally.seeds() - 1) / TWICE + 1);
        Figures.record(name + ": writes acknowledged in those runs", tally.acknowledged());
        Figures.record(name + ": virtual hours that passed in them", tally.virtual().toHours());
        Figures.record(
                name + ": seeds told in a second of one thread, beside other work",
                "%.1f".formatted(1000.0 * tally.seeds() / Math.max(1, tally.took().toMillis())));
    }
}
