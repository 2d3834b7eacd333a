package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import java.time.Duration;

/// How tables are compacted.
///
/// ```java
/// CompactionSettings leveled = CompactionSettings.leveled().withTableSize(ByteSize.mebibytes(32));
/// Settings settings = Settings.defaults().but().compaction(leveled).build();
/// ```
///
/// @param style which tables are merged with which
/// @param sourcesMin the least number of L0 tables, or of runs, that is worth a compaction
/// @param sourcesMax the most that one compaction takes
/// @param sizeRatio tiered: how many times larger than the smallest a run may be to be merged with
///   it; leveled: how many times larger than the next newer run each is to be
/// @param tableSize about how large the tables of a sorted run become
/// @param jobsMax how many compactions run at a time; of two or more, one place is kept for L0, so
///   that a long compaction does not hold up the writers
/// @param partsMax into how many ranges of keys, worked on at the same time, one is cut at most
/// @param pollInterval how often a compactor without a writer in its process looks for work
/// @param workers what is shared with workers on other machines
/// @param replacedKept how long tables that a compaction has replaced stay for views and readers
///   that still look at them; a second at least, 15 minutes by default
public record CompactionSettings(
        Style style,
        int sourcesMin,
        int sourcesMax,
        double sizeRatio,
        ByteSize tableSize,
        int jobsMax,
        int partsMax,
        Duration pollInterval,
        Workers workers,
        Duration replacedKept) {
    private static final Duration KEPT_FOR_READERS = Duration.ofMinutes(15);

    public CompactionSettings {
        require(2 <= sourcesMin, "sourcesMin must be at least 2: %d", sourcesMin);
        require(sourcesMin <= sourcesMax, "sourcesMax %d below sourcesMin", sourcesMax);
        require(1 < sizeRatio, "sizeRatio must exceed 1: %s", sizeRatio);
        require(0 < tableSize.bytes(), "tableSize must be positive: %s", tableSize);
        require(1 <= jobsMax && jobsMax <= 64, "jobsMax must be 1 to 64: %d", jobsMax);
        require(1 <= partsMax && partsMax <= 64, "partsMax must be 1 to 64: %d", partsMax);
        require(pollInterval.isPositive(), "pollInterval must be positive: %s", pollInterval);
        require(
                1 <= replacedKept.toSeconds(),
                "replacedKept must be a second at least: %s",
                replacedKept);
    }

    /// Which tables are merged with which.
    public enum Style {
        /// None: somebody else compacts, or nobody.
        OFF,
        /// Runs of like size: few bytes are rewritten.
        TIERED,
        /// Each run many times larger than the next newer one: reads look at few runs.
        LEVELED,
        /// All there is into one run: cheap reads, and what was removed is gone; everything is
        /// rewritten each time. For a compaction that is asked for, not for one that goes on.
        EVERYTHING
    }

    /// What is shared with workers on other machines, and when they are given up.
    ///
    /// @param sharedFrom a compaction of so many bytes is worth sharing; for a smaller one nobody
    ///   looks for workers
    /// @param beat how often a worker says that it lives; after four beats without a word its part
    ///   is given to somebody else
    public record Workers(ByteSize sharedFrom, Duration beat) {
        private static final Duration BEAT_LONGEST = Duration.ofMinutes(1);

        public Workers {
            require(
                    0 < beat.toMillis() && beat.compareTo(BEAT_LONGEST) <= 0,
                    "beat must be 1 ms to 1 min: %s",
                    beat);
        }

        /// A beat in five seconds, for compactions of a quarter of a gibibyte and more.
        public static Workers defaults() {
            return new Workers(ByteSize.mebibytes(256), Duration.ofSeconds(5));
        }
    }

    /// Size-tiered, as SlateDB's users know it.
    public static CompactionSettings defaults() {
        return tiered(Style.TIERED);
    }

    /// No compaction in this process.
    public static CompactionSettings off() {
        return tiered(Style.OFF);
    }

    /// Each run ten times larger than the next newer one.
    public static CompactionSettings leveled() {
        return new CompactionSettings(
                Style.LEVELED,
                4,
                8,
                10.0,
                ByteSize.mebibytes(64),
                4,
                2,
                Duration.ofSeconds(5),
                Workers.defaults(),
                KEPT_FOR_READERS);
    }

    private static CompactionSettings tiered(Style style) {
        return new CompactionSettings(
                style,
                4,
                8,
                4.0,
                ByteSize.mebibytes(64),
                4,
                2,
                Duration.ofSeconds(5),
                Workers.defaults(),
                KEPT_FOR_READERS);
    }

    /// The same in another style.
    public CompactionSettings withStyle(Style other) {
        return new CompactionSettings(
                other,
                sourcesMin,
                sourcesMax,
                sizeRatio,
                tableSize,
                jobsMax,
                partsMax,
                pollInterval,
                workers,
                replacedKept);
    }

    /// The same with tables of another size.
    public CompactionSettings withTableSize(ByteSize size) {
        return new CompactionSettings(
                style,
                sourcesMin,
                sourcesMax,
                sizeRatio,
                size,
                jobsMax,
                partsMax,
                pollInterval,
                workers,
                replacedKept);
    }

    /// The same with so many compactions at a time, each cut into so many parts.
    public CompactionSettings withJobs(int jobs, int parts) {
        return new CompactionSettings(
                style,
                sourcesMin,
                sourcesMax,
                sizeRatio,
                tableSize,
                jobs,
                parts,
                pollInterval,
                workers,
                replacedKept);
    }

    /// The same with other rules for workers.
    public CompactionSettings withWorkers(Workers other) {
        return new CompactionSettings(
                style,
                sourcesMin,
                sourcesMax,
                sizeRatio,
                tableSize,
                jobsMax,
                partsMax,
                pollInterval,
                other,
                replacedKept);
    }

    /// The same, but replaced tables stay for `kept`: on a busy database most of its disk is
    /// theirs, while readers and scans that take longer may meet one that is gone.
    public CompactionSettings withReplacedKept(Duration kept) {
        return new CompactionSettings(
                style,
                sourcesMin,
                sourcesMax,
                sizeRatio,
                tableSize,
                jobsMax,
                partsMax,
                pollInterval,
                workers,
                kept);
    }
}
