package dev.holdfast.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WatchmanTest {
    private static final long EARLY_NANOS = 1_000_000;
    private static final long LATE_NANOS = 2_000_000_000; // of a machine with much else to do
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String NAME = "test-watchman";

    private final Watchman watchman = new Watchman(NAME);

    @Test
    void waitsOfAnyLengthEndInTime() throws InterruptedException {
        var wrong = new ConcurrentLinkedQueue<String>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            long nanos = ThreadLocalRandom.current().nextLong(3 * Watchman.PERIOD_NANOS);
            threads.add(
                    Thread.startVirtualThread(() -> {
                        long late = sleep(nanos) - nanos;
                        if (late < 0 || LATE_NANOS < late) wrong.add(nanos + " late by " + late);
                    }));
        }
        for (Thread thread : threads) assertTrue(thread.join(PATIENCE), "hangs");
        assertEquals(List.of(), List.copyOf(wrong));
    }

    @Test
    void aWaitThatBeginsAfterALongSilenceEndsInTime() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            var took = new ConcurrentLinkedQueue<Long>();
            Thread thread =
                    Thread.startVirtualThread(() -> took.add(sleep(3 * Watchman.PERIOD_NANOS)));
            assertTrue(thread.join(PATIENCE), "hangs");
            assertTrue(took.remove() < 3 * Watchman.PERIOD_NANOS + LATE_NANOS);
            LockSupport.parkNanos(6 * Watchman.PERIOD_NANOS);
        }
    }

    @Test
    void whoIsUnparkedGoesOnAtOnce() throws InterruptedException {
        var took = new ConcurrentLinkedQueue<Long>();
        for (int round = 0; round < 20; round++) {
            Thread thread =
                    Thread.startVirtualThread(() -> {
                        long begun = System.nanoTime();
                        watchman.park(this, PATIENCE.toNanos());
                        took.add(System.nanoTime() - begun);
                    });
            LockSupport.parkNanos(2 * EARLY_NANOS);
            LockSupport.unpark(thread);
            assertTrue(thread.join(PATIENCE), "hangs");
            assertTrue(took.remove() < LATE_NANOS);
        }
    }

    @Test
    void theThreadEndsWhenNobodyWaits() throws InterruptedException {
        Thread waiting = Thread.startVirtualThread(() -> sleep(2 * Watchman.PERIOD_NANOS));
        assertTrue(waiting.join(PATIENCE), "hangs");
        long begun = System.nanoTime();
        while (isWatched() && System.nanoTime() - begun < PATIENCE.toNanos())
            LockSupport.parkNanos(EARLY_NANOS);
        assertFalse(isWatched());
    }

    private static boolean isWatched() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(NAME));
    }

    // More than there are places close to each other.
    @Test
    void whoFindsNoPlaceIsServedToo() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 40_000; i++)
            threads.add(Thread.startVirtualThread(() -> sleep(2 * Watchman.PERIOD_NANOS)));
        for (Thread thread : threads) assertTrue(thread.join(PATIENCE), "hangs");
    }

    private long sleep(long nanos) {
        long begun = System.nanoTime();
        long left = nanos;
        while (0 < left) {
            watchman.park(this, left);
            left = nanos - (System.nanoTime() - begun);
        }
        return System.nanoTime() - begun;
    }
}
