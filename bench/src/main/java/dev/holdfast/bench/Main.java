package dev.holdfast.bench;

import dev.holdfast.base.Adapter;
import dev.holdfast.bench.NamingCost.Cost;
import org.openjdk.jmh.runner.RunnerException;

/// The command line of the measurements.
public final class Main {
    private static final int FORKS = 6;
    private static final int ITERATIONS = 50;
    private static final int FORKS_QUICK = 2;
    private static final int ITERATIONS_QUICK = 30;
    private static final int WRONG_USAGE = 64;

    private static final String USAGE =
            """
            usage: ./holdfast-bench gate [--quick]

            Measures with JMH, each part in turns with and without, in JVMs of their own.

              gate     what it costs a put and a get that the gate knows who is inside by name: the
                       database as it is, and with a bare counter for a gate. Nanoseconds a
                       call (the median), and bytes (all of them, also those that the compiler
                       would leave out)
              --quick  a minute instead of some
              --help   this page
            """;

    private Main() {}

    /// @param arguments what to measure
    public static void main(String[] arguments) throws RunnerException {
        String line = String.join(" ", arguments);
        switch (line) {
            case "gate" -> gate(new NamingCost(FORKS, ITERATIONS));
            case "gate --quick" -> gate(new NamingCost(FORKS_QUICK, ITERATIONS_QUICK));
            case "--help", "-h" -> System.out.print(USAGE);
            default -> fail();
        }
    }

    private static void gate(NamingCost cost) throws RunnerException {
        System.out.println(Machine.line());
        System.out.printf(
                "%-5s %9s %9s %9s %10s %10s %9s%n",
                "call", "named ns", "bare ns", "more ns", "named B", "bare B", "more B");
        for (Cost each : cost.measure()) System.out.println(each.line());
    }

    @Adapter("tells a shell that it was called wrongly")
    private static void fail() {
        System.err.print(USAGE);
        System.exit(WRONG_USAGE);
    }
}
