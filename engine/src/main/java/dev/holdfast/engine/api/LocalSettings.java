package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import java.nio.file.Path;
import java.time.Duration;

/// What an operator may tune of what lies on the local disk: the log, and a cache of tables.
///
/// ```java
/// LocalSettings disk = LocalSettings.in(Path.of("/var/lib/app/holdfast"))
///         .withUnshippedMax(ByteSize.gibibytes(1), Duration.ofMinutes(5));
/// HoldfastDb opened = builder.local(disk).open();
/// opened.write(batch, Durability.LOCAL);
/// ```
///
/// @param directory of this database alone; made if it is not there, but not what it stands in
/// @param segmentSize bytes of one file of the log, taken from the disk beforehand
/// @param bufferMax writers wait while commits that are not forced yet hold more bytes than this
/// @param forceInterval the longest that a commit which nobody waits for stays unforced
/// @param cacheSize what the files of the cache take at most, beside the log; 0 for no cache
/// @param shipping how the object store follows
public record LocalSettings(
        Path directory,
        ByteSize segmentSize,
        ByteSize bufferMax,
        Duration forceInterval,
        ByteSize cacheSize,
        Shipping shipping) {
    private static final ByteSize SEGMENT_MIN = ByteSize.kibibytes(8);

    public LocalSettings {
        require(
                SEGMENT_MIN.compareTo(segmentSize) <= 0,
                "segmentSize must be at least %s: %s",
                SEGMENT_MIN,
                segmentSize);
        require(0 < bufferMax.bytes(), "bufferMax must be positive: %s", bufferMax);
        require(0 <= cacheSize.bytes(), "cacheSize must not be negative: %s", cacheSize);
        require(forceInterval.isPositive(), "forceInterval must be positive: %s", forceInterval);
    }

    /// How far the object store may be behind.
    ///
    /// @param interval the longest that a commit is kept back: what is in published tables by then
    ///   is not put into the store's log
    /// @param bytesMax writers are held up while commits that the store does not have take more
    ///   than half of this in the log, and wait when they take all of it; the log's files take a
    ///   segment or two more
    /// @param ageMax the same for the time since the oldest such commit; zero for no limit
    /// @param log whether commits that tables hold are left out of the store's log
    public record Shipping(Duration interval, ByteSize bytesMax, Duration ageMax, StoreLog log) {
        public Shipping {
            require(interval.isPositive(), "interval must be positive: %s", interval);
            require(0 < bytesMax.bytes(), "bytesMax must be positive: %s", bytesMax);
            require(!ageMax.isNegative(), "ageMax is negative: %s", ageMax);
        }

        /// Two seconds, 4 GiB, no limit in time.
        public static Shipping defaults() {
            return new Shipping(
                    Duration.ofSeconds(2), ByteSize.gibibytes(4), Duration.ZERO, StoreLog.SPARE);
        }
    }

    /// What goes into the log in the object store.
    public enum StoreLog {
        /// What published tables hold by then is left out, unless a consumer of changes was
        /// registered when the database was opened.
        SPARE,
        /// Every commit: consumers of changes may register at any time. Tables wait for the log, so
        /// that memory fills while the store is away.
        WHOLE
    }

    /// The usual ones for a log in `directory`.
    public static LocalSettings in(Path directory) {
        return new LocalSettings(
                directory,
                ByteSize.mebibytes(64),
                ByteSize.mebibytes(64),
                Duration.ofMillis(100),
                ByteSize.gibibytes(1),
                Shipping.defaults());
    }

    /// The same with segments of another size.
    public LocalSettings withSegmentSize(ByteSize size) {
        return new LocalSettings(directory, size, bufferMax, forceInterval, cacheSize, shipping);
    }

    /// The same with a cache of another size; 0 for none.
    public LocalSettings withCacheSize(ByteSize size) {
        return new LocalSettings(directory, segmentSize, bufferMax, forceInterval, size, shipping);
    }

    /// The same, but commits are kept back for another time.
    public LocalSettings withShipInterval(Duration interval) {
        var next = new Shipping(interval, shipping.bytesMax, shipping.ageMax, shipping.log);
        return new LocalSettings(directory, segmentSize, bufferMax, forceInterval, cacheSize, next);
    }

    /// The same with other limits on what the object store does not have.
    public LocalSettings withUnshippedMax(ByteSize bytes, Duration age) {
        var next = new Shipping(shipping.interval, bytes, age, shipping.log);
        return new LocalSettings(directory, segmentSize, bufferMax, forceInterval, cacheSize, next);
    }

    /// The same, but every commit goes into the log in the object store.
    public LocalSettings withWholeLog() {
        var next =
                new Shipping(shipping.interval, shipping.bytesMax, shipping.ageMax, StoreLog.WHOLE);
        return new LocalSettings(directory, segmentSize, bufferMax, forceInterval, cacheSize, next);
    }
}
