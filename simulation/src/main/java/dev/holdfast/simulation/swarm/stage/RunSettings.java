package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.CompactionSettings.Workers;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import java.time.Duration;
import java.util.SplittableRandom;

/// What one run is like: drawn from its seed, so that in thousands of runs every part of the engine
/// is at its limits in some.
///
/// @param engine of every writer and reader
/// @param clients of each writer
/// @param operationsMax of each client in each life
/// @param registers keys that are written, deleted and compared
/// @param lists keys that are appended to in transactions
/// @param accounts of the bank
/// @param valueBytesMax of a value's padding
/// @param thinkMillisMax the longest that a client waits between two operations
/// @param durable in a hundred writes, how many wait for durability
/// @param upkeep on machines that hold no writer
/// @param rounds of the nemesis
/// @param features what else is used of the engine
public record RunSettings(
        Settings engine,
        int clients,
        int operationsMax,
        int registers,
        int lists,
        int accounts,
        int valueBytesMax,
        int thinkMillisMax,
        int durable,
        Upkeep upkeep,
        int rounds,
        Features features) {

    /// How old an object is at least before it may be collected.
    public static final Duration COLLECTED_AFTER = Duration.ofSeconds(60);

    /// What a bank pays in at first.
    public static final long BALANCE = 100;

    /// What is done for the database elsewhere than in its writer.
    ///
    /// @param compactors that compact, die and come again
    /// @param compaction theirs
    /// @param collectors that collect now and then
    /// @param rests how often all of it goes on for longer than a replaced table stays
    /// @param workers that compactors share their work with
    public record Upkeep(
            int compactors,
            CompactionSettings compaction,
            int collectors,
            int rests,
            int workers) {}

    /// How much of the engine a run uses.
    public enum Scope {
        /// Gets, puts, deletes, views, flushes, compactions, collections.
        CORE,
        /// All that clients and readers can do.
        EVERYTHING
    }

    /// What is used of the engine beyond gets, puts, deletes and views.
    ///
    /// @param merged keys that operands are merged into
    /// @param fleeting keys whose values expire
    /// @param followers readers that stay open, and look again and again
    public record Features(int merged, int fleeting, int followers) {
        /// True if there are any.
        public boolean isAny() {
            return 0 < merged;
        }
    }

    /// What `chance` draws for a run of the core.
    public static RunSettings drawn(SplittableRandom chance) {
        return drawn(chance, Scope.CORE);
    }

    /// What `chance` draws.
    public static RunSettings drawn(SplittableRandom chance, Scope scope) {
        SplittableRandom aside = chance.split();
        RunSettings core = coreDrawn(chance, aside);
        return scope == Scope.CORE ? core : core.withFeatures(aside);
    }

    private static RunSettings coreDrawn(SplittableRandom chance, SplittableRandom aside) {
        return new RunSettings(
                engineDrawn(chance, aside),
                chance.nextInt(1, 5),
                pick(chance, 15, 30, 60),
                pick(chance, 2, 5, 12),
                pick(chance, 1, 2, 4),
                pick(chance, 2, 3, 5),
                pick(chance, 0, 20, 200, 2_000),
                pick(chance, 1, 10, 50, 300),
                pick(chance, 0, 20, 60, 100),
                new Upkeep(
                        pick(aside, 0, 0, 1, 2),
                        compactionDrawn(aside),
                        pick(aside, 0, 1, 1, 2),
                        pick(aside, 0, 0, 0, 1),
                        0),
                chance.nextInt(2, 6),
                new Features(0, 0, 0));
    }

    // Small compactions are worth sharing too, so that workers have something to do.
    private RunSettings withFeatures(SplittableRandom chance) {
        var workers =
                new Workers(
                        ByteSize.bytes(pick(chance, 1, 1_000, 256 << 20)),
                        Duration.ofMillis(pick(chance, 100, 1_000, 5_000)));
        return new RunSettings(
                engine.but().compaction(engine.compaction().withWorkers(workers)).build(),
                clients,
                operationsMax,
                registers,
                lists,
                accounts,
                valueBytesMax,
                thinkMillisMax,
                durable,
                new Upkeep(
                        upkeep.compactors,
                        upkeep.compaction.withWorkers(workers),
                        upkeep.collectors,
                        upkeep.rests,
                        pick(chance, 0, 0, 1, 2)),
                rounds,
                new Features(
                        pick(chance, 1, 2, 6), pick(chance, 1, 2, 6), pick(chance, 0, 1, 1, 2)));
    }

    private static CompactionSettings compactionDrawn(SplittableRandom chance) {
        int sourcesMin = chance.nextInt(2, 5);
        Style style = oneOf(chance, Style.TIERED, Style.TIERED, Style.LEVELED, Style.EVERYTHING);
        return new CompactionSettings(
                style,
                sourcesMin,
                sourcesMin + chance.nextInt(6),
                pick(chance, 2, 4, 10),
                ByteSize.bytes(pick(chance, 1, 300, 2_000, 64 << 10)),
                chance.nextInt(1, 5),
                chance.nextInt(1, 4),
                Duration.ofMillis(pick(chance, 50, 500, 5_000)),
                Workers.defaults(),
                Duration.ofMinutes(15));
    }

    // A minute is more than any answer of these stores lags behind.
    private static Settings engineDrawn(SplittableRandom chance, SplittableRandom aside) {
        boolean isCompacting = aside.nextInt(3) != 0;
        int l0 = pick(chance, 300, 1_000, 4_000, 64 << 10);
        return Settings.defaults()
                .but()
                .flushInterval(Duration.ofMillis(pick(chance, 1, 20, 100, 1_000)))
                .walPutIntervalMin(Duration.ofMillis(pick(chance, 0, 1, 20)))
                .walSizeMax(ByteSize.bytes(pick(chance, 1, 200, 2_000, 1 << 20)))
                .l0SstSize(ByteSize.bytes(l0))
                .unflushedMax(ByteSize.bytes((long) l0 * pick(chance, 1, 2, 8)))
                .blockCacheSize(ByteSize.bytes(pick(chance, 1, 1_000, 1 << 20)))
                .blockSize(ByteSize.bytes(pick(chance, 64, 256, 4_096)))
                .compression(oneOf(chance, Compression.values()))
                .filterBitsPerKey(pick(chance, 0, 1, 10))
                .filterKeysMin(pick(chance, 0, 1, 1_000))
                .manifestPollInterval(Duration.ofMillis(pick(chance, 200, 1_000, 5_000)))
                .writeTimeout(Duration.ofMillis(pick(chance, 300, 3_000, 30_000)))
                .closeTimeout(Duration.ofMillis(pick(chance, 500, 5_000, 30_000)))
                .compaction(isCompacting ? compactionDrawn(aside) : CompactionSettings.off())
                .l0TablesMax(pick(aside, 1, 4, 100))
                .collectionInterval(Duration.ofSeconds(pick(aside, 0, 5, 30)))
                .collectionMinAge(COLLECTED_AFTER)
                .build();
    }

    /// The level that the next write waits for.
    public Durability durabilityDrawn(SplittableRandom chance) {
        if (durable <= chance.nextInt(100)) return Durability.MEMORY;
        return chance.nextInt(4) == 0 ? Durability.LOCAL : Durability.REMOTE;
    }

    public static int pick(SplittableRandom chance, int... choices) {
        return choices[chance.nextInt(choices.length)];
    }

    @SafeVarargs
    public static <T> T oneOf(SplittableRandom chance, T... choices) {
        return choices[chance.nextInt(choices.length)];
    }
}
