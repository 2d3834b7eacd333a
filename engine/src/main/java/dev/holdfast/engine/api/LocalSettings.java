package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import java.nio.file.Path;
import java.time.Duration;

/// What an operator may tune of what lies on the local disk: the log, and a cache of tables.
///
/// @param directory of this database alone; made if it is not there, but not what it stands in
/// @param segmentSize bytes of one file of the log, taken from the disk beforehand
/// @param bufferMax writers wait while commits that are not forced yet hold more bytes than this
/// @param forceInterval the longest that a commit which nobody waits for stays unforced
/// @param cacheSize what the files of the cache take at most, beside the log; 0 for no cache
public record LocalSettings(
        Path directory,
        ByteSize segmentSize,
        ByteSize bufferMax,
        Duration forceInterval,
        ByteSize cacheSize) {
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

    /// The usual ones for a log in `directory`.
    public static LocalSettings in(Path directory) {
        return new LocalSettings(
                directory,
                ByteSize.mebibytes(64),
                ByteSize.mebibytes(64),
                Duration.ofMillis(100),
                ByteSize.gibibytes(1));
    }

    /// The same with segments of another size.
    public LocalSettings withSegmentSize(ByteSize size) {
        return new LocalSettings(directory, size, bufferMax, forceInterval, cacheSize);
    }

    /// The same with a cache of another size; 0 for none.
    public LocalSettings withCacheSize(ByteSize size) {
        return new LocalSettings(directory, segmentSize, bufferMax, forceInterval, size);
    }
}
