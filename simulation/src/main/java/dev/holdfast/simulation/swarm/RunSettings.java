package dev.holdfast.simulation.swarm;

import dev.holdfast.base.ByteSize;
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
        int rounds) {

    /// What a bank pays in at first.
    static final long BALANCE = 100;

    static RunSettings drawn(SplittableRandom chance) {
        return new RunSettings(
                engineDrawn(chance),
                chance.nextInt(1, 5),
                pick(chance, 15, 30, 60),
                pick(chance, 2, 5, 12),
                pick(chance, 1, 2, 4),
                pick(chance, 2, 3, 5),
                pick(chance, 0, 20, 200, 2_000),
                pick(chance, 1, 10, 50, 300),
                pick(chance, 0, 20, 60, 100),
                chance.nextInt(2, 6));
    }

    private static Settings engineDrawn(SplittableRandom chance) {
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
