package dev.holdfast.lifecycle.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EscalationTest {
    private static final long SECOND = 1_000_000_000L;

    private final Escalation escalation = new Escalation(2);

    @Test
    @Tag("LIFE-20")
    void life20ShouldRaiseTheModeWithEachTerm() {
        assertEquals(0, escalation.receive("TERM", 0, 0));
        assertEquals(1, escalation.receive("TERM", 0, SECOND));
        assertEquals(2, escalation.receive("TERM", 0, 2 * SECOND));
        assertEquals(2, escalation.receive("TERM", 0, 3 * SECOND));
    }

    @Test
    void shouldCountEqualSignalsWithinASecondOnce() {
        assertEquals(0, escalation.receive("TERM", 0, 0));
        assertEquals(-1, escalation.receive("TERM", 0, SECOND - 1));
        assertEquals(1, escalation.receive("INT", 1, SECOND - 1));
    }

    @Test
    void shouldNeverLowerTheMode() {
        assertEquals(1, escalation.receive("INT", 1, 0));
        assertEquals(2, escalation.receive("TERM", 0, 1));
    }
}
