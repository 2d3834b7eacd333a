package dev.holdfast.bench.engine;

import static dev.holdfast.base.Checks.require;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a comparison is asked to do.
///
/// @param what part of all: `engine`, `recovery`, `stop`, `ycsb`, `mixes` or `memory`
/// @param directory on the disk to be measured
/// @param rounds how often each is measured
/// @param only these measures; all if it is empty
/// @param profiles where flight recordings of the processes in Java go; null for none
/// @param home the working copy
public record EngineOptions(
        String what,
        Path directory,
        int rounds,
        Set<String> only,
        @Nullable Path profiles,
        Path home) {
    /// Its part of a usage page.
    public static final String USAGE =
            """
              engine   Holdfast beside SlateDB (its native library from npm, driven by a small C
                       program) and RocksDB: each task in a process of its own, in turns; medians,
                       ratios, and whether they keep their bounds. Exit code 1 if one is missed
                --dir DIR        on the disk to be measured; bench/target/engine by default.
                                 All rounds are left there in engine.json and engine.html
                --rounds N       how often each is measured, 5 by default
                --only NAMES     of: put batch put1k durable get missing scan transact contend
                                 recover open shut durable1 close fillrandom overwrite
                                 readrandom seekrandom compaction
                --profile DIR    flight recordings of Holdfast and of others in Java go there

              recovery the same for a start: recover and open of `engine`
              stop     the same for a stop: with much and with little that is in no table
              ycsb     the core workloads of YCSB, A to F, 500,000 rows of 1,000 bytes
              mixes    the workloads of SlateDB's bencher: puts among gets, by share and threads
              memory   the most memory that a process has, at equal settings
                       Options of all as those of `engine`

              compare  two of those files: what each peer did in the second, as a multiple of
                       the first
            """;

    public EngineOptions {
        require(0 < rounds, "rounds must be positive: %d", rounds);
        only = Set.copyOf(only);
    }

    boolean wants(Measure measure) {
        return only.isEmpty() ? measure.isPartOf(what) : only.contains(measure.name());
    }

    /// Reads a command line. Throws `IllegalArgumentException` for one that makes no sense.
    ///
    /// @param what as in the options
    public static EngineOptions parse(String what, List<String> words) {
        Path directory = Path.of("bench", "target", what);
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
                what, directory.toAbsolutePath(), rounds, only, profiles, EngineBench.home());
    }
}
