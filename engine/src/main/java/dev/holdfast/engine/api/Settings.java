package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.upkeep.KeyRing;
import java.time.Duration;

/// What an operator may tune. Parts that do work (environment, merge operator) are given to the
/// builder, not here: settings can be written to a file, parts cannot.
///
/// ```java
/// Settings settings =
///         Settings.defaults()
///                 .but()
///                 .compression(Compression.LZ4)
///                 .rows(Settings.Rows.defaults().withDefaultTtl(Duration.ofDays(30)))
///                 .build();
/// Db opened = Engine.open("file:///var/lib/app/data", settings);
/// ```
///
/// @param flushInterval the longest that a commit which nobody waits for stays out of the log in
///   the store
/// @param walPutIntervalMin the least time from the start of one log object to the start of the
///   next: bounds their number under small durable writes; zero for none
/// @param walSizeMax a log object is put at the latest when it holds so many bytes
/// @param l0SstSize a memtable is frozen when it holds so many bytes
/// @param unflushedMax writers wait while memtables not yet in tables hold more than this
/// @param blockCacheSize bytes that the database adds to the cache of decoded blocks
/// @param blockSize bytes of a table's block before compression; at most 64 KiB
/// @param compression of blocks in new tables and log objects
/// @param filterBitsPerKey of the Bloom filters of new tables; 0 for none
/// @param filterKeysMin tables with fewer rows get no filter
/// @param manifestPollInterval how often the manifest is looked at for a newer writer
/// @param writeTimeout the longest that one write waits, for memory and for durability
/// @param closeTimeout the longest that [Db#close] takes
/// @param compaction how tables are compacted
/// @param l0TablesMax with so many L0 tables or more, new ones wait a little for the compactor
/// @param collectionInterval how often what nothing needs is removed; zero for never in this
///   process
/// @param collectionMinAge how old an object is at least before it is removed
/// @param transactions how much transactions may hold
/// @param rows what rows are by default, and how long old versions of them are kept
/// @param keys that tables and logs are encrypted with, here and on the local disk
public record Settings(
        Duration flushInterval,
        Duration walPutIntervalMin,
        ByteSize walSizeMax,
        ByteSize l0SstSize,
        ByteSize unflushedMax,
        ByteSize blockCacheSize,
        ByteSize blockSize,
        Compression compression,
        int filterBitsPerKey,
        int filterKeysMin,
        Duration manifestPollInterval,
        Duration writeTimeout,
        Duration closeTimeout,
        CompactionSettings compaction,
        int l0TablesMax,
        Duration collectionInterval,
        Duration collectionMinAge,
        Transaction.Limits transactions,
        Rows rows,
        KeyRing keys) {

    /// What rows are by default, and how long old versions of them are kept.
    ///
    /// @param defaultTtl of rows that are written without a word on it; zero for no end
    /// @param snapshotLifetimeMax the longest that a snapshot keeps what it shows
    /// @param snapshotsMax how many snapshots may be open at once
    public record Rows(Duration defaultTtl, Duration snapshotLifetimeMax, int snapshotsMax) {
        public Rows {
            require(!defaultTtl.isNegative(), "defaultTtl is negative: %s", defaultTtl);
            require(
                    defaultTtl.isZero() || 0 < defaultTtl.toMillis(),
                    "defaultTtl is below a millisecond: %s",
                    defaultTtl);
            require(
                    snapshotLifetimeMax.isPositive(),
                    "snapshotLifetimeMax must be positive: %s",
                    snapshotLifetimeMax);
            require(1 <= snapshotsMax, "snapshotsMax must be positive: %d", snapshotsMax);
        }

        /// Without an end; an hour for each of a thousand snapshots.
        public static Rows defaults() {
            return new Rows(Duration.ZERO, Duration.ofHours(1), 1000);
        }

        /// The same with that time to live.
        public Rows withDefaultTtl(Duration defaultTtl) {
            return new Rows(defaultTtl, snapshotLifetimeMax, snapshotsMax);
        }
    }

    public Settings {
        require(flushInterval.isPositive(), "flushInterval must be positive: %s", flushInterval);
        require(
                !walPutIntervalMin.isNegative(),
                "walPutIntervalMin is negative: %s",
                walPutIntervalMin);
        require(0 < walSizeMax.bytes(), "walSizeMax must be positive: %s", walSizeMax);
        require(0 < l0SstSize.bytes(), "l0SstSize must be positive: %s", l0SstSize);
        require(
                l0SstSize.compareTo(unflushedMax) <= 0,
                "l0SstSize %s exceeds unflushedMax %s",
                l0SstSize,
                unflushedMax);
        require(
                64 <= blockSize.bytes() && blockSize.bytes() <= 65536,
                "blockSize must be 64B to 64KiB: %s",
                blockSize);
        require(
                0 <= filterBitsPerKey && filterBitsPerKey <= 64,
                "filterBitsPerKey: %d",
                filterBitsPerKey);
        require(0 <= filterKeysMin, "filterKeysMin is negative: %d", filterKeysMin);
        require(
                manifestPollInterval.isPositive(),
                "manifestPollInterval: %s",
                manifestPollInterval);
        require(writeTimeout.isPositive(), "writeTimeout must be positive: %s", writeTimeout);
        require(closeTimeout.isPositive(), "closeTimeout must be positive: %s", closeTimeout);
        require(1 <= l0TablesMax, "l0TablesMax must be positive: %d", l0TablesMax);
        require(
                !collectionInterval.isNegative(),
                "collectionInterval is negative: %s",
                collectionInterval);
        require(!collectionMinAge.isNegative(), "collectionMinAge: %s", collectionMinAge);
    }

    /// What SlateDB's users would expect, with bounds on every wait.
    public static Settings defaults() {
        return new Settings(
                Duration.ofMillis(100),
                Duration.ZERO,
                ByteSize.mebibytes(16),
                ByteSize.mebibytes(64),
                ByteSize.mebibytes(256),
                ByteSize.mebibytes(64),
                ByteSize.kibibytes(4),
                Compression.NONE,
                10,
                1000,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                CompactionSettings.defaults(),
                8,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Transaction.Limits.defaults(),
                Rows.defaults(),
                KeyRing.none());
    }

    /// A builder that starts from these settings.
    public SettingsBuilder but() {
        return new SettingsBuilder(this);
    }
}
