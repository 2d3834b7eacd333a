package dev.holdfast.bench.stall;

import java.util.List;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/// What a run has shown.
///
/// @param sustained writes in a second that the database digests; 0 if that was not asked
/// @param rate writes that were due in a second
/// @param sinceDue microseconds from the instant at which a write was due
/// @param sinceBegun microseconds from the instant at which it began
record StallReport(
        String machine,
        StallOptions options,
        long sustained,
        long rate,
        Histogram sinceDue,
        Histogram sinceBegun,
        List<Second> seconds) {
    private static final long STALL_MICROS = 1_000_000;

    StallReport {
        seconds = List.copyOf(seconds);
    }

    /// How many writes took longer than a second.
    long stalls() {
        long most = sinceDue.getMaxValue();
        return most <= STALL_MICROS ? 0 : sinceDue.getCountBetweenValues(STALL_MICROS, most);
    }

    /// How often several runs became one: compactions that went through all, or almost all.
    long merges() {
        long merges = 0;
        for (int i = 1; i < seconds.size(); i++)
            if (seconds.get(i).runs() < seconds.get(i - 1).runs()) merges++;
        return merges;
    }

    String line() {
        return ("%,d writes of 1 KiB at %,d/s (%s), %s: median %.2f ms, 99.9 %% %.1f ms, longest"
                        + " %.0f ms (in the call %.0f ms), over a second: %d; runs merged %d times;"
                        + " longest pause of the JVM in a second %d ms")
                .formatted(
                        sinceDue.getTotalCount(),
                        rate,
                        sustained == 0 ? "given" : "of %,d/s sustained".formatted(sustained),
                        options.durability(),
                        sinceDue.getValueAtPercentile(50) / 1e3,
                        sinceDue.getValueAtPercentile(99.9) / 1e3,
                        sinceDue.getMaxValue() / 1e3,
                        sinceBegun.getMaxValue() / 1e3,
                        stalls(),
                        merges(),
                        seconds.stream().mapToLong(Second::pauseMillis).max().orElse(0));
    }

    String json() {
        return """
        {
          "machine": "%s",
          "heapMaxBytes": %d,
          "minutes": %.2f,
          "sizeBytes": %d,
          "durability": "%s",
          "sustainedPerSecond": %d,
          "ratePerSecond": %d,
          "writes": %d,
          "stalls": %d,
          "runsMerged": %d,
          "sinceDueMicros": %s,
          "sinceBegunMicros": %s,
          "columns": ["second", "writes", "median", "p99", "max", "callMax", "l0", "runs",
              "frozen", "memoryBytes", "pauseMillis"],
          "seconds": [
            %s
          ]
        }
        """
                .formatted(
                        machine.replace("\"", "'"),
                        Runtime.getRuntime().maxMemory(),
                        options.time().toMillis() / 60e3,
                        options.size().bytes(),
                        options.durability(),
                        sustained,
                        rate,
                        sinceDue.getTotalCount(),
                        stalls(),
                        merges(),
                        percentiles(sinceDue),
                        percentiles(sinceBegun),
                        seconds.stream().map(Second::json).collect(Collectors.joining(",\n    ")));
    }

    private static String percentiles(Histogram histogram) {
        return "{\"p50\": %d, \"p99\": %d, \"p999\": %d, \"p9999\": %d, \"max\": %d}"
                .formatted(
                        histogram.getValueAtPercentile(50),
                        histogram.getValueAtPercentile(99),
                        histogram.getValueAtPercentile(99.9),
                        histogram.getValueAtPercentile(99.99),
                        histogram.getMaxValue());
    }
}
