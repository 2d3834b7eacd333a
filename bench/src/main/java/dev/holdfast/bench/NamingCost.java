package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// What it costs a call of the database that the gate knows who is inside: the same calls with the
/// gate as it is and with a bare counter, in turns, each turn in JVMs of its own.
final class NamingCost {
    private static final int WARM_UP = 3;
    private static final int ITERATIONS_COUNTED = 10;

    /// Bytes are counted without it, or it would be the compiler's luck which of a call's objects
    /// are made at all.
    private static final String EVERY_ALLOCATION = "-XX:-DoEscapeAnalysis";

    private static final String BYTES = "gc.alloc.rate.norm";

    private final int forks;
    private final int iterations;
    private final Map<String, Map<Gates, Figures>> byCall = new TreeMap<>();

    /// What one call took with one gate, an iteration an entry.
    record Figures(List<Double> nanos, List<Double> bytes) {
        Figures() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        double leastNanos() {
            return Collections.min(nanos);
        }

        double medianNanos() {
            return median(nanos);
        }

        // An iteration in which a table grew allocates more.
        double leastBytes() {
            return Collections.min(bytes);
        }
    }

    /// The cost of names for one call: what is more, or less if negative, than with a bare counter.
    record Cost(String call, Figures named, Figures bare) {
        double nanos() {
            return named.medianNanos() - bare.medianNanos();
        }

        /// Like [#nanos], of the fastest iterations: what other work on the machine blurs least.
        double nanosAtBest() {
            return named.leastNanos() - bare.leastNanos();
        }

        double bytes() {
            return named.leastBytes() - bare.leastBytes();
        }

        String line() {
            return "%-5s %9.1f %9.1f %+9.1f %10.1f %10.1f %+9.1f"
                    .formatted(
                            call,
                            named.medianNanos(),
                            bare.medianNanos(),
                            nanos(),
                            named.leastBytes(),
                            bare.leastBytes(),
                            bytes());
        }
    }

    /// @param forks how many JVMs each call and each gate get, besides one to count bytes in
    /// @param iterations measured in each, after some more to warm up
    NamingCost(int forks, int iterations) {
        this.forks = forks;
        this.iterations = iterations;
    }

    List<Cost> measure() throws RunnerException {
        for (int fork = 0; fork < forks; fork++) {
            // Who comes first changes, so that a machine that slows down harms both alike.
            List<Gates> turn = List.of(Gates.values());
            for (Gates gates : fork % 2 == 0 ? turn : turn.reversed()) run(gates, iterations);
        }
        for (Gates gates : Gates.values()) run(gates, ITERATIONS_COUNTED, EVERY_ALLOCATION);
        List<Cost> costs = new ArrayList<>();
        byCall.forEach((call, figures) ->
                costs.add(new Cost(call, figures.get(Gates.NAMED), figures.get(Gates.BARE))));
        return costs;
    }

    private void run(Gates gates, int count, String... flags) throws RunnerException {
        gates.use();
        try {
            boolean isForBytes = List.of(flags).contains(EVERY_ALLOCATION);
            for (RunResult result : new Runner(options(count, flags)).run()) {
                Figures figures = figuresOf(result, gates);
                for (IterationResult each : iterationsOf(result))
                    if (isForBytes) figures.bytes.add(bytesOf(each));
                    else figures.nanos.add(each.getPrimaryResult().getScore());
            }
        } finally {
            Gates.NAMED.use();
        }
    }

    private Figures figuresOf(RunResult result, Gates gates) {
        String benchmark = result.getParams().getBenchmark();
        String call = benchmark.substring(benchmark.lastIndexOf('.') + 1);
        return byCall.computeIfAbsent(call, _ -> new EnumMap<>(Gates.class))
                .computeIfAbsent(gates, _ -> new Figures());
    }

    private static List<IterationResult> iterationsOf(RunResult result) {
        List<IterationResult> iterations = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults())
            iterations.addAll(fork.getIterationResults());
        return iterations;
    }

    private static double bytesOf(IterationResult iteration) {
        return iteration.getSecondaryResults().get(BYTES).getScore();
    }

    // -Xbatch: what is hot is compiled at once, also where other work on the machine would keep the
    // compiler from its turn.
    private static Options options(int count, String... flags) {
        List<String> jvm =
                new ArrayList<>(
                        List.of(
                                "-Xms2g",
                                "-Xmx2g",
                                "-XX:+UseParallelGC",
                                "-Xbatch",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow"));
        jvm.addAll(List.of(flags));
        return new OptionsBuilder()
                .include(CallBenchmark.class.getName())
                .forks(1)
                .warmupIterations(WARM_UP * count)
                .measurementIterations(count)
                .addProfiler(GCProfiler.class)
                .jvmArgs(jvm.toArray(String[]::new))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double upper = sorted.get(middle);
        return sorted.size() % 2 == 1 ? upper : (sorted.get(middle - 1) + upper) / 2;
    }
}
