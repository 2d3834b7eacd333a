package dev.holdfast.bench.engine;

import static dev.holdfast.base.Checks.require;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a comparison is asked to do.
///
/// @param directory on the disk to be measured
/// @param rounds how often each is measured
/// @param only these measures; all if it is empty
/// @param profiles where flight recordings of the processes in Java go; null for none
/// @param home the working copy
public record EngineOptions(
        Path directory, int rounds, Set<String> only, @Nullable Path profiles, Path home) {
    /// Its part of a usage page.
    public static final String USAGE =
            """
              engine   Holdfast beside SlateDB (its native library from npm, driven by a small C
                       program) and RocksDB: each task in a process of its own, in turns; medians,
                       ratios, and whether they keep their bounds. Exit code 1 if one is missed
                --dir DIR        on the disk to be measured; bench/target/engine by default
                --rounds N       how often each is measured, 5 by default
                --only NAMES     of: put batch put1k durable get missing scan transact contend
                                 recover open durable1 close fillrandom overwrite
                                 readrandom seekrandom compaction
                --profile DIR    flight recordings of Holdfast and of others in Java go there
            """;

    public EngineOptions {
        require(0 < rounds, "rounds must be positive: %d", rounds);
        only = Set.copyOf(only);
    }

    boolean wants(String name) {
        return only.isEmpty() || only.contains(name);
    }

    /// Reads a command line. Throws `IllegalArgumentException` for one that makes no sense.
    public static EngineOptions parse(List<String> words) {
        Path directory = Path.of("bench", "target", "engine");
        int rounds = 5;
        Set<String> only = Set.of();
        Path profiles = null;
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String name = rest.next();
            require(rest.hasNext(), "%s needs a value", name);
            String value = rest.next();
            switch (name) {
                case "--dir" -> directory = Path.of(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--profile" -> profiles = Path.of(value).toAbsolutePath();
                case "--only" -> only = Set.of(value.split(","));
                default -> throw new IllegalArgumentException("unknown option: " + name);
            }
        }
        return new EngineOptions(
                directory.toAbsolutePath(), rounds, only, profiles, EngineBench.home());
    }
}
