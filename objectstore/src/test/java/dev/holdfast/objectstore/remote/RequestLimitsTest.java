package dev.holdfast.objectstore.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How long a request to a store behind a server may take.
class RequestLimitsTest {
    private static final Duration SMALL_BODY_MAX = Duration.ofSeconds(10);
    private static final ByteSize A_SECOND_MIN = ByteSize.kibibytes(256);

    @Test
    void shouldBoundEveryPartOfARequestAndTheWholeByItsBody() {
        RequestLimits limits = RequestLimits.defaults();
        assertTrue(limits.connect().compareTo(limits.attempt()) <= 0);
        assertTrue(limits.idle().compareTo(limits.attempt()) <= 0);
        assertEquals(SMALL_BODY_MAX, limits.attemptOf(0));
        for (long seconds : new long[] {1, 32, 1000})
            assertEquals(
                    SMALL_BODY_MAX.plusSeconds(seconds),
                    limits.attemptOf(seconds * A_SECOND_MIN.bytes()));
    }

    @Test
    void shouldWaitForNoPartLongerThanForTheWhole() {
        RequestLimits hasty = RequestLimits.defaults().withAttempt(Duration.ofSeconds(1));
        assertEquals(Duration.ofSeconds(1), hasty.connect());
        assertEquals(Duration.ofSeconds(1), hasty.idle());
        assertEquals(Duration.ofSeconds(1), hasty.attemptOf(0));
    }
}
