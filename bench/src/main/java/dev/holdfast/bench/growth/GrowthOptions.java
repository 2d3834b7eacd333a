package dev.holdfast.bench.growth;

import static dev.holdfast.base.Checks.require;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/// How far a database is to grow.
///
/// @param rows at the end
/// @param steps in which it grows; after each it is measured
/// @param out a directory for the database, while it runs, and for the reports
public record GrowthOptions(long rows, int steps, Path out) {
    private static final long BATCH = 100;

    /// Its part of a usage page.
    public static final String USAGE =
            """
              growth   what a put and a get cost as a database in a local directory grows: rows of
                       100 B under keys that come in no order, batches of 100; after each step, gets
                       of any of them; how often each byte was written. Writes growth.json and
                       growth.svg
                --rows N         at the end, 30,000,000 by default
                --steps N        in which it grows, 30 by default
                --out DIR        bench/target/growth by default
            """;

    public GrowthOptions {
        require(1 <= steps, "steps: %d", steps);
        require(BATCH * steps <= rows, "too few rows for so many steps: %d", rows);
    }

    /// Reads a command line. Throws `IllegalArgumentException` for one that makes no sense.
    public static GrowthOptions parse(List<String> words) {
        long rows = 30_000_000;
        int steps = 30;
        var out = Path.of("bench", "target", "growth");
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String name = rest.next();
            require(rest.hasNext(), "%s needs a value", name);
            String value = rest.next();
            switch (name) {
                case "--rows" -> rows = Long.parseLong(value);
                case "--steps" -> steps = Integer.parseInt(value);
                case "--out" -> out = Path.of(value);
                default -> throw new IllegalArgumentException("unknown option: " + name);
            }
        }
        return new GrowthOptions(rows, steps, out.toAbsolutePath());
    }
}
