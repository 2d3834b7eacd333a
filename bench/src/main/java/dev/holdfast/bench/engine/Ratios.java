package dev.holdfast.bench.engine;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Two comparisons held against each other: what each peer did in the second, as a multiple of the
/// first. What SlateDB or RocksDB changed by is the machine's doing.
@Adapter("reads result files")
public final class Ratios {
    private static final List<Metric> SHOWN =
            List.of(Metric.RATE, Metric.PROCESSOR, Metric.P50, Metric.P99, Metric.PEAK);

    private Ratios() {}

    /// Reads two result files, and tells their ratios line by line. Throws
    /// `IllegalArgumentException` for a file that holds no results.
    public static List<String> of(Path before, Path after) throws IOException {
        return of(
                ResultFile.parse(Files.readString(before)),
                ResultFile.parse(Files.readString(after)));
    }

    static List<String> of(List<Result> before, List<Result> after) {
        var lines = new ArrayList<String>();
        lines.add("%-12s %-9s".formatted("measure", "peer") + heads());
        for (Result now : after)
            for (Result then : before)
                if (then.measure().equals(now.measure())) add(lines, then, now);
        return lines;
    }

    private static String heads() {
        var heads = new StringBuilder();
        for (Metric metric : SHOWN) heads.append(" %9s".formatted(metric.key()));
        return heads.toString();
    }

    private static void add(List<String> lines, Result then, Result now) {
        for (String peer : now.figures().keySet()) {
            if (then.of(peer).isEmpty()) continue;
            var line = new StringBuilder("%-12s %-9s".formatted(now.measure(), peer));
            for (Metric metric : SHOWN)
                line.append(
                        " %9s"
                                .formatted(
                                        times(
                                                then.median(peer, metric),
                                                now.median(peer, metric))));
            lines.add(line.toString());
        }
    }

    private static String times(double before, double after) {
        return 0 < before ? String.format(Locale.ROOT, "%.2f", after / before) : "-";
    }
}
