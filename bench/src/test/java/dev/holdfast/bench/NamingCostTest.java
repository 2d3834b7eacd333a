package dev.holdfast.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.bench.NamingCost.Cost;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Names at the gate cost a call of the database nothing to speak of.
class NamingCostTest {
    /// Far more than it takes: other work on the machine must not fail this test, a gate that has
    /// become something else must. `./holdfast-bench gate` measures well.
    private static final double NANOS_MAX = 5_000;

    /// Of a call: less than the smallest object.
    private static final double BYTES_MAX = 1;

    private static final int ITERATIONS = 10;

    @Test
    @Timeout(300)
    void shouldCostNoMemoryAndNextToNoTime() throws Exception {
        List<Cost> costs = new NamingCost(1, ITERATIONS).measure();

        System.out.println("names at the gate: " + costs.stream().map(Cost::line).toList());
        assertEquals(List.of("get", "put"), costs.stream().map(Cost::call).toList());
        for (Cost each : costs) {
            assertTrue(Math.abs(each.bytes()) < BYTES_MAX, each.line());
            assertTrue(each.nanosAtBest() < NANOS_MAX, each.line());
        }
    }
}
