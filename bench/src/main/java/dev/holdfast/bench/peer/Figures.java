package dev.holdfast.bench.peer;

import static dev.holdfast.base.Checks.require;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// What one task took.
///
/// @param operations how many were done
/// @param seconds that passed
/// @param processorSeconds that all processors worked for the process meanwhile
/// @param p50Seconds half of the operations took no longer; 0 if they were not timed one by one
/// @param p99Seconds all but one in a hundred took no longer
/// @param peakKib the most memory that the process has had
public record Figures(
        double operations,
        double seconds,
        double processorSeconds,
        double p50Seconds,
        double p99Seconds,
        long peakKib) {

    /// Operations in a second.
    public double rate() {
        return operations / seconds;
    }

    /// Processor time for one operation, in seconds.
    public double processorEach() {
        return processorSeconds / operations;
    }

    /// The line that a peer prints.
    public String line() {
        return String.format(
                Locale.ROOT,
                "operations=%.0f seconds=%.6f processor=%.6f p50=%.9f p99=%.9f peak=%d",
                operations,
                seconds,
                processorSeconds,
                p50Seconds,
                p99Seconds,
                peakKib);
    }

    /// Reads [#line]. Throws `IllegalArgumentException` for anything else.
    public static Figures parse(String line) {
        Map<String, String> found = new HashMap<>();
        for (String word : line.strip().split(" ")) {
            int at = word.indexOf('=');
            require(0 < at, "not a line of figures: %s", line);
            found.put(word.substring(0, at), word.substring(at + 1));
        }
        return new Figures(
                number(found, "operations"),
                number(found, "seconds"),
                number(found, "processor"),
                number(found, "p50"),
                number(found, "p99"),
                (long) number(found, "peak"));
    }

    private static double number(Map<String, String> found, String name) {
        String value = found.get(name);
        require(value != null, "no %s among the figures", name);
        return Double.parseDouble(value);
    }
}
