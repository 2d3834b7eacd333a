package dev.holdfast.lifecycle.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.wait.Token;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Naming every holder must cost next to nothing: a passage allocates no byte, and is over in no
/// time. What it costs beside a bare counter, `./holdfast-bench gate` tells.
class GateCostTest {
    private static final int PASSAGES = 1_000_000;
    private static final int ROUNDS_MAX = 50;
    private static final int ROUNDS_FREE = 5;

    /// Many times what it takes: only a gate that has become something else is slower.
    private static final double NANOS_MAX = 1_000;

    @Test
    @Timeout(60)
    void shouldAllocateNothingAndTakeNoTimeForAPassage() throws Exception {
        // given a JVM of its own: what other tests taught the compiler would blur the figure
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        GateCostTest.class.getName());
        // when
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String written = new String(process.getInputStream().readAllBytes(), UTF_8);
        // then
        assertEquals(0, process.waitFor(), written);
        System.out.print(written);
    }

    public static void main(String[] arguments) {
        var gate = new Gate("requests", Token.standalone(Env.system()));
        double withPass = cheapest("pass", () -> pass(gate));
        double withTicket = cheapest("ticket", () -> useTickets(gate));
        if (NANOS_MAX < Math.max(withPass, withTicket)) {
            System.out.println("more than " + NANOS_MAX + " ns");
            System.exit(1);
        }
    }

    // The first rounds are interpreted, and those in which the compiler works are not counted.
    private static double cheapest(String kind, Runnable passages) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double least = Double.MAX_VALUE;
        for (int round = 0, free = 0; round < ROUNDS_MAX && free < ROUNDS_FREE; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long from = System.nanoTime();
            passages.run();
            long nanos = System.nanoTime() - from;
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            if (PASSAGES <= bytes) continue;
            free++;
            least = Math.min(least, (double) nanos / PASSAGES);
        }
        System.out.printf("gate passage with a %s: %.1f ns, 0 bytes%n", kind, least);
        if (least == Double.MAX_VALUE) throw new AssertionError("every passage allocates");
        return least;
    }

    private static void pass(Gate gate) {
        for (int i = 0; i < PASSAGES; i++) {
            try (Pass pass = gate.enter("client", "GET")) {
                if (!pass.isOpen()) throw new AssertionError();
            }
        }
    }

    private static void useTickets(Gate gate) {
        for (int i = 0; i < PASSAGES; i++) gate.leave(gate.enterBriefly("client", "GET"));
    }
}
