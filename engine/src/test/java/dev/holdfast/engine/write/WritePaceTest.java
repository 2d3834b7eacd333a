package dev.holdfast.engine.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WritePaceTest {
    private static final long LIMIT = 256L << 20;
    private static final long BATCH = 1600;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Clock clock = new Clock();
    private final WritePace pace = new WritePace(LIMIT, clock);

    @Test
    void shouldLetWritersGoAtFullSpeedBelowTheHalf() {
        pace.drained(64 << 20, SECOND);
        assertEquals(0, longestPause(10_000, LIMIT / 2));
        assertFalse(pace.isSlow(LIMIT / 2));
    }

    @Test
    void shouldNotGuessHowFastTablesAreWritten() {
        assertEquals(0, longestPause(10_000, LIMIT));
        assertTrue(pace.isSlow(LIMIT));
    }

    @Test
    void shouldTakeTwiceWhatIsDrainedAtTheHalfAndLessThanThatAtTheLimit() {
        pace.drained(64 << 20, SECOND);
        assertEquals(2.0, taken(LIMIT / 2 + 1) / (double) (64 << 20), 0.1);
        assertEquals(0.8, taken(LIMIT) / (double) (64 << 20), 0.1);
    }

    @Test
    void shouldTakeLessTheMoreTablesThereAre() {
        pace.drained(64 << 20, SECOND);
        pace.crowdedBy(() -> 1.0);
        assertEquals(0.5, taken(0) / (double) (64 << 20), 0.1);
    }

    // Writers who offer more than becomes tables are slowed down to just that, and never stopped.
    @Test
    void shouldSettleBelowTheLimitWhateverIsOffered() {
        double drain = 64 << 20;
        pace.drained((long) drain, SECOND);
        double waiting = 0;
        for (int i = 0; i < 2_000_000; i++) {
            long pause = pace.pauseFor(BATCH, (long) waiting);
            assertTrue(pause <= WritePace.PAUSE_LONGEST.toNanos(), "pause " + pause);
            long took = Math.max(pause, 5_000); // 300 MiB/s are offered
            clock.now.addAndGet(took);
            waiting = Math.max(0, waiting + BATCH - drain * took / SECOND);
            assertTrue(waiting < LIMIT, "waiting " + waiting);
        }
        assertTrue(LIMIT / 2.0 < waiting, "slower than it must be, waiting " + waiting);
    }

    private long longestPause(int batches, long waiting) {
        long longest = 0;
        for (int i = 0; i < batches; i++)
            longest = Math.max(longest, pace.pauseFor(BATCH, waiting));
        return longest;
    }

    // By one writer in ten seconds, a second.
    private long taken(long waiting) {
        long end = clock.nanoTime() + 10 * SECOND;
        long taken = 0;
        while (clock.nanoTime() < end) {
            clock.now.addAndGet(pace.pauseFor(BATCH, waiting) + 1);
            taken += BATCH;
        }
        return taken / 10;
    }

    private static final class Clock implements Env {
        private final AtomicLong now = new AtomicLong();

        @Override
        public long nanoTime() {
            return now.get();
        }

        @Override
        public long currentTimeMillis() {
            return now.get() / 1_000_000;
        }

        @Override
        public long randomLong() {
            return 0;
        }

        @Override
        public Thread start(String name, Runnable body) {
            throw new AssertionError("no threads here");
        }

        @Override
        public void sleep(Duration duration) {
            now.addAndGet(duration.toNanos());
        }
    }
}
