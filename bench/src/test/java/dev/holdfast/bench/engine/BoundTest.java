package dev.holdfast.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.bench.peer.Figures;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundTest {
    @Test
    void shouldHoldAFigureAgainstAPeers() {
        Bound faster = Bound.atLeast("peer", Metric.RATE, 2);
        assertTrue(faster.isMetBy(200, 100));
        assertFalse(faster.isMetBy(199, 100));
        Bound cheaper = Bound.atMost("peer", Metric.PROCESSOR, 0.5);
        assertTrue(cheaper.isMetBy(50, 100));
        assertFalse(cheaper.isMetBy(51, 100));
    }

    @Test
    void shouldAllowForWhatIsAddedAndForWhatIsGoodAnyway() {
        Bound upload = Bound.atMost("store", Metric.TIME, 1).plus(200);
        assertTrue(upload.isMetBy(300, 100));
        assertFalse(upload.isMetBy(301, 100));
        assertEquals("at most 1.0 and 200 more", upload.toString());
        Bound opened = Bound.atMost("peer", Metric.P50, 10).orBelow(50);
        assertTrue(opened.isMetBy(50, 1));
        assertFalse(opened.isMetBy(51, 1));
    }

    @Test
    void shouldTakeTheMiddleOfItsRounds() {
        List<Figures> three = List.of(took(3), took(1), took(9));
        assertEquals(3_000, EngineBench.median(three, Metric.TIME));
        assertEquals(2_000, EngineBench.median(three.subList(0, 2), Metric.TIME));
    }

    private static Figures took(double seconds) {
        return new Figures(1, seconds, 1, 0, 0, 1);
    }
}
