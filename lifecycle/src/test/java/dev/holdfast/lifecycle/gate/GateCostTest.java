package dev.holdfast.lifecycle.gate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.wait.Token;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// Naming every holder must cost next to nothing: compiled, a passage allocates no byte.
class GateCostTest {
    private static final int PASSAGES = 1_000_000;
    private static final int ROUNDS_MAX = 50;

    @Test
    void shouldAllocateNothingForAPassage() {
        // given
        Gate gate = new Gate("requests", Token.standalone(Env.system()));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        long nanos = 0;
        // when: until the compiler is done with it
        for (int round = 0; round < ROUNDS_MAX && PASSAGES <= bytes; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long from = System.nanoTime();
            pass(gate);
            nanos = System.nanoTime() - from;
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        // then
        System.out.printf(
                "gate passage: %.1f ns, %.3f bytes%n",
                (double) nanos / PASSAGES, (double) bytes / PASSAGES);
        assertTrue(bytes < PASSAGES, "bytes=" + bytes);
    }

    private static void pass(Gate gate) {
        for (int i = 0; i < PASSAGES; i++) {
            try (Pass pass = gate.enter("client", "GET")) {
                if (!pass.isOpen()) throw new AssertionError();
            }
        }
    }
}
