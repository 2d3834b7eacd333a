package dev.holdfast.simulation.transact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.simulation.report.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs of the first seeds until a million transactions are told, a run on each processor at a
/// time. `-Dtransactions=100000` tells fewer, `-Dtransactions.first=5000` begins at another seed.
@Tag("long")
@Timeout(3600)
class TransactionLongTest {
    private static final long TRANSACTIONS = Long.getLong("transactions", 1_000_000);
    private static final int FAILURES_SHOWN_MAX = 3;
    private static final int EVERY = 100;

    private final TransactionTally tally = new TransactionTally();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong next = new AtomicLong(Long.getLong("transactions.first", 0));

    @Test
    void shouldKeepItsPromisesInAMillionTransactions() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++)
            threads.add(Thread.ofPlatform().start(this::tellAll));
        for (Thread each : threads) each.join();

        System.out.println("transactions: " + tally.line());
        List<String> shown = failures.stream().limit(FAILURES_SHOWN_MAX).toList();
        assertEquals("", String.join("\n\n", shown), failures.size() + " failures");
        assertEquals("", tally.neverMet());
        Figures.record("transactions in simulation, 0 cycles", tally.begun());
        Figures.record("transactions in simulation that committed", tally.committed());
        Figures.record("runs of hostile worlds that they took", tally.runs());
    }

    private void tellAll() {
        while (tally.begun() < TRANSACTIONS && failures.size() < FAILURES_SHOWN_MAX) {
            long seed = next.getAndIncrement();
            Story story = TransactionTally.told(seed);
            tally.add(story);
            if (!story.findings().isEmpty())
                failures.add("transactions seed=" + seed + "\n" + story.findings());
            if (seed % EVERY == 0) System.out.println("transactions: told to " + seed);
        }
    }
}
