package dev.holdfast.engine.tier;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final long FORCE = Duration.ofMillis(1).toNanos();

    private final Clock clock = new Clock();
    private final Gathering gathering = new Gathering(clock);

    private void forcedOften(int done, int pending) {
        for (int i = 0; i < 100; i++) gathering.forced(done, pending, FORCE);
    }

    @Test
    void shouldNotHoldUpTheFirst() {
        assertFalse(gathering.isWorthIt(1));
    }

    @Test
    void shouldNotHoldUpAWriterWhoIsAlone() {
        forcedOften(1, 0);
        assertFalse(gathering.isWorthIt(1));
    }

    @Test
    void shouldWaitForAllWhoWereThereAndNoLonger() {
        forcedOften(5, 3);
        assertTrue(gathering.isWorthIt(3));
        assertTrue(gathering.isWorthIt(7));
        assertFalse(gathering.isWorthIt(8));
    }

    @Test
    void shouldWaitForAQuarterOfAForce() {
        forcedOften(8, 0);
        clock.nanos += FORCE / 5;
        assertTrue(gathering.isWorthIt(1));
        clock.nanos += FORCE / 10;
        assertFalse(gathering.isWorthIt(1));
    }

    @Test
    void shouldNotWaitLongHoweverSlowTheDiskIs() {
        for (int i = 0; i < 100; i++) gathering.forced(8, 0, Duration.ofSeconds(5).toNanos());
        clock.nanos += Duration.ofMillis(3).toNanos();
        assertFalse(gathering.isWorthIt(1));
    }

    private static final class Clock implements Env {
        private long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long currentTimeMillis() {
            return 0;
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
            nanos += duration.toNanos();
        }
    }
}
