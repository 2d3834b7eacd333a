package dev.holdfast.simulation;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Ten thousand small worlds one after another, each with machines that are killed while their
/// threads wait and hold memory: a program of its own, so that its heap can be bounded.
final class ManyRuns {
    private static final int RUNS = 10_000;
    private static final int BYTES_A_THREAD = 64 * 1024;

    private ManyRuns() {}

    public static void main(String... words) {
        long from = System.nanoTime();
        for (int seed = 0; seed < RUNS; seed++) run(seed);
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        System.out.printf("%d runs, %d a second%n", RUNS, RUNS * 1000L / took.toMillis());
    }

    private static void run(long seed) {
        var simulation = new Simulation(seed, Setup.drawn(seed));
        Node node = simulation.node("victim");
        for (int i = 0; i < 5; i++) node.env().start("waits " + i, ManyRuns::waitForEver);
        simulation.world().start("killer", () -> kill(simulation, node));
        simulation.run(Duration.ofMinutes(1));
    }

    private static void kill(Simulation simulation, Node node) {
        try {
            simulation.world().sleep(Duration.ofSeconds(1));
            node.kill();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void waitForEver() {
        byte[] held = new byte[BYTES_A_THREAD];
        try {
            new CountDownLatch(1).await();
            held[0]++;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
