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

/// Naming every holder must cost next to nothing: compiled, a passage allocates no byte.
class GateCostTest {
    private static final int PASSAGES = 1_000_000;
    private static final int ROUNDS_MAX = 50;

    @Test
    @Timeout(60)
    void shouldAllocateNothingForAPassage() throws Exception {
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
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long from = System.nanoTime();
            pass(gate);
            long nanos = System.nanoTime() - from;
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            if (PASSAGES <= bytes) continue; // the compiler is not done with it
            System.out.printf("gate passage: %.1f ns, 0 bytes%n", (double) nanos / PASSAGES);
            return;
        }
        System.out.println("every passage allocates");
        System.exit(1);
    }

    private static void pass(Gate gate) {
        for (int i = 0; i < PASSAGES; i++) {
            try (Pass pass = gate.enter("client", "GET")) {
                if (!pass.isOpen()) throw new AssertionError();
            }
        }
    }
}
