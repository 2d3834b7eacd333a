package dev.holdfast.simulation.swarm;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
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
        int rounds) {

    /// How old an object is at least before it may be collected.
    static final Duration COLLECTED_AFTER = Duration.ofSeconds(60);

    /// What a bank pays in at first.
    static final long BALANCE = 100;

    /// What is done for the database elsewhere than in its writer.
    ///
    /// @param compactors that compact, die and come again
    /// @param compaction theirs
    /// @param collectors that collect now and then
    /// @param rests how often all of it goes on for longer than a replaced table stays
    public record Upkeep(
            int compactors, CompactionSettings compaction, int collectors, int rests) {}

    /// What `chance` draws.
    public static RunSettings drawn(SplittableRandom chance) {
        SplittableRandom aside = chance.split();
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
                        pick(aside, 0, 0, 0, 1)),
                chance.nextInt(2, 6));
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
                CompactionSettings.Workers.defaults(),
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
    Durability durabilityDrawn(SplittableRandom chance) {
        if (durable <= chance.nextInt(100)) return Durability.MEMORY;
        return chance.nextInt(4) == 0 ? Durability.LOCAL : Durability.REMOTE;
    }

    static int pick(SplittableRandom chance, int... choices) {
        return choices[chance.nextInt(choices.length)];
    }

    @SafeVarargs
    static <T> T oneOf(SplittableRandom chance, T... choices) {
        return choices[chance.nextInt(choices.length)];
    }
}
