package dev.holdfast.engine.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.engine.api.upkeep.SeqTimes.Point;
import dev.holdfast.engine.api.upkeep.SeqTimes.Rounding;
import dev.holdfast.format.manifest.SequenceTracker;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrackedTimesTest {
    private static final Point FIRST = new Point(10, Instant.ofEpochSecond(1000));
    private static final Point SECOND = new Point(20, Instant.ofEpochSecond(1100));
    private static final TrackedTimes TIMES =
            new TrackedTimes(SequenceTracker.empty().add(10, 1000).add(20, 1100));

    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }

    @Test
    void shouldFindThePointBeforeAndBehind() {
        assertEquals(List.of(FIRST, SECOND), TIMES.points());
        assertEquals(FIRST, TIMES.at(at(1000), Rounding.DOWN));
        assertEquals(FIRST, TIMES.at(at(1000), Rounding.UP));
        assertEquals(FIRST, TIMES.at(at(1099), Rounding.DOWN));
        assertEquals(SECOND, TIMES.at(at(1000).plusNanos(1), Rounding.UP));
        assertEquals(SECOND, TIMES.at(at(5000), Rounding.DOWN));
        assertEquals(FIRST, TIMES.of(19, Rounding.DOWN));
        assertEquals(SECOND, TIMES.of(11, Rounding.UP));
    }

    @Test
    void shouldFindNothingOnTheSideWhereNothingIs() {
        assertNull(TIMES.at(at(999), Rounding.DOWN));
        assertNull(TIMES.at(at(1101), Rounding.UP));
        assertNull(TIMES.of(9, Rounding.DOWN));
        assertNull(TIMES.of(21, Rounding.UP));
        assertNull(new TrackedTimes(SequenceTracker.empty()).of(1, Rounding.UP));
    }
}
