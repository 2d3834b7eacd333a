package dev.holdfast.bench.stall;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/// What a run is asked to do.
///
/// @param time how long it overwrites at its rate
/// @param rate writes in a second; 0 for a share of what the database sustains, found out first
/// @param size of all values that are there
/// @param out a directory for the database, while it runs, and for the reports
public record StallOptions(
        Duration time, long rate, ByteSize size, Durability durability, Path out) {
    /// Its part of a usage page.
    public static final String USAGE =
            """
              stalls   whether a writer is ever held up: overwrites random keys of a database in a
                       local directory, each write at an instant of its own, while tables are
                       compacted and collected. Exit code 1 if a write took more than a second
                       from the instant at which it was due. Writes stalls.json and stalls.svg
                --minutes M      how long, 20 by default
                --rate N         writes of 1 KiB in a second; auto, the default, takes half of
                                 what is written, flushed and compacted in a second here
                --size S         of all values together, 512MiB by default
                --durability D   what a write waits for: memory (default) or remote
                --out DIR        bench/target/stalls by default
            """;

    private static final long MILLIS_IN_A_MINUTE = 60_000;

    public StallOptions {
        require(time.isPositive(), "the time must be positive: %s", time);
        require(0 <= rate, "the rate is negative: %d", rate);
        require(1 << 20 <= size.bytes(), "the size must be 1MiB at least: %s", size);
    }

    /// Reads a command line. Throws `IllegalArgumentException` for one that makes no sense.
    public static StallOptions parse(List<String> words) {
        var time = Duration.ofMinutes(20);
        long rate = 0;
        var size = ByteSize.mebibytes(512);
        var durability = Durability.MEMORY;
        var out = Path.of("bench", "target", "stalls");
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String name = rest.next();
            require(rest.hasNext(), "%s needs a value", name);
            String value = rest.next();
            switch (name) {
                case "--minutes" -> time = minutes(value);
                case "--rate" -> rate = value.equals("auto") ? 0 : Long.parseLong(value);
                case "--size" -> size = ByteSize.parse(value);
                case "--durability" ->
                        durability = Durability.valueOf(value.toUpperCase(Locale.ROOT));
                case "--out" -> out = Path.of(value);
                default -> throw new IllegalArgumentException("unknown option: " + name);
            }
        }
        return new StallOptions(time, rate, size, durability, out);
    }

    private static Duration minutes(String value) {
        return Duration.ofMillis(Math.round(Double.parseDouble(value) * MILLIS_IN_A_MINUTE));
    }
}
