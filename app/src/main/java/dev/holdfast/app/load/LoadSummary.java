package dev.holdfast.app.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What a load came to.
///
/// @param rows committed and durable
/// @param bytes of input that were read
/// @param rejected lines that are no rows
/// @param firstRejected the first of them, as `line N: why`
public record LoadSummary(
        long rows, long bytes, long rejected, List<String> firstRejected, Duration took) {
    /// Rows a second, from the first line read to the last row durable.
    public long rate() {
        long millis = Math.max(1, took.toMillis());
        return rows * 1000 / millis;
    }

    /// One line.
    public String toLine() {
        String line =
                String.format(
                        Locale.ROOT,
                        "loaded %,d rows (%,d bytes) in %.1f s, %,d rows/s, all durable",
                        rows,
                        bytes,
                        took.toMillis() / 1000.0,
                        rate());
        return rejected == 0 ? line : line + String.format("; %,d lines rejected", rejected);
    }
}
