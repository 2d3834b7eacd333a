package dev.holdfast.engine.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

    // Writers who come back later than anybody waits for them.
    private int groupsHeldUp(int groups, int pending, int taken) {
        int heldUp = 0;
        for (int i = 0; i < groups; i++) {
            boolean isHeldUp = gathering.isWorthIt(pending);
            if (isHeldUp) {
                heldUp++;
                clock.nanos += FORCE / 4;
            }
            clock.nanos += FORCE;
            gathering.forced(isHeldUp ? taken : pending, pending, FORCE);
        }
        return heldUp;
    }

    @Test
    void shouldSeldomHoldUpAnybodyForThoseWhoDoNotCome() {
        forcedOften(20, 20);
        int heldUp = groupsHeldUp(1000, 20, 20);
        assertTrue(10 < heldUp && heldUp < 30, "groups held up: " + heldUp);
    }

    @Test
    void shouldHoldUpEachGroupWhereItPays() {
        forcedOften(20, 20);
        assertEquals(100, groupsHeldUp(100, 20, 40));
    }

    @Test
    void shouldHoldUpGroupsAgainOnceWritersComeBackSooner() {
        forcedOften(20, 20);
        groupsHeldUp(1000, 20, 20);
        groupsHeldUp(65, 20, 40);
        assertEquals(100, groupsHeldUp(100, 20, 40));
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
