package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import java.time.Duration;
import java.util.UUID;

/// How a [DbReader] reads: which moment it shows, how it moves on, and what it may take.
///
/// ```java
/// ReaderSettings fresh =
///         ReaderSettings.latest().withPolls(Duration.ofMillis(200), Duration.ofSeconds(2));
/// DbReader reader = Engine.openReader("s3://bucket/db", fresh);
/// ```
///
/// @param mode which moment is shown
/// @param pollInterval the pause between two looks at the store while something changes
/// @param pollIntervalMax the pause to which it grows while nothing changes
/// @param stalenessMax reads are refused once what is shown may be older; zero for never
/// @param tailMax bytes of memory for the log behind the tables
public record ReaderSettings(
        Mode mode,
        Duration pollInterval,
        Duration pollIntervalMax,
        Duration stalenessMax,
        ByteSize tailMax) {
    private static final Duration LIFETIME_MIN = Duration.ofSeconds(5);

    public ReaderSettings {
        require(pollInterval.isPositive(), "pollInterval must be positive: %s", pollInterval);
        require(
                pollInterval.compareTo(pollIntervalMax) <= 0,
                "pollInterval %s exceeds pollIntervalMax %s",
                pollInterval,
                pollIntervalMax);
        require(!stalenessMax.isNegative(), "stalenessMax is negative: %s", stalenessMax);
        require(0 < tailMax.bytes(), "tailMax must be positive: %s", tailMax);
    }

    /// Which moment a reader shows.
    public sealed interface Mode {
        /// The newest, ever again: tables and the log behind them. Writes nothing at all.
        record Latest() implements Mode {}

        /// That of the opening, as long as it is open: a checkpoint keeps collectors away. It is
        /// extended before `lifetime` is over, and given up at the close; nothing else is written.
        record HeldCheckpoint(Duration lifetime) implements Mode {
            public HeldCheckpoint {
                require(LIFETIME_MIN.compareTo(lifetime) <= 0, "lifetime too short: %s", lifetime);
            }
        }

        /// That of a checkpoint which another has made and keeps. Writes nothing at all.
        record AtCheckpoint(UUID id) implements Mode {}
    }

    /// Follows the writer.
    public static ReaderSettings latest() {
        return of(new Mode.Latest());
    }

    /// Shows the moment of the opening, and keeps it readable by a checkpoint.
    public static ReaderSettings heldCheckpoint(Duration lifetime) {
        return of(new Mode.HeldCheckpoint(lifetime));
    }

    /// Shows the moment of a checkpoint.
    public static ReaderSettings atCheckpoint(UUID id) {
        return of(new Mode.AtCheckpoint(id));
    }

    private static ReaderSettings of(Mode mode) {
        return new ReaderSettings(
                mode,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ZERO,
                ByteSize.mebibytes(256));
    }

    /// The same with these pauses between looks at the store.
    public ReaderSettings withPolls(Duration pollInterval, Duration pollIntervalMax) {
        return new ReaderSettings(mode, pollInterval, pollIntervalMax, stalenessMax, tailMax);
    }

    /// The same with a bound on how old what is shown may be.
    public ReaderSettings withStalenessMax(Duration stalenessMax) {
        return new ReaderSettings(mode, pollInterval, pollIntervalMax, stalenessMax, tailMax);
    }

    /// The same with so much memory for the log behind the tables.
    public ReaderSettings withTailMax(ByteSize tailMax) {
        return new ReaderSettings(mode, pollInterval, pollIntervalMax, stalenessMax, tailMax);
    }
}
