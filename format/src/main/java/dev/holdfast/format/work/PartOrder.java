package dev.holdfast.format.work;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.sst.SstSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that a worker needs to know of a part of a compaction, but for the manifest.
///
/// @param end the first key that is not in the part, or null for none
/// @param finished tables of the part that are there already, in key order: work goes on behind
public record PartOrder(
        PartKey key,
        @Nullable Bytes start,
        @Nullable Bytes end,
        Sources sources,
        Keeping keeping,
        Making making,
        List<FinishedTable> finished) {
    public PartOrder {
        finished = List.copyOf(finished);
        require(
                start == null || end == null || start.compareTo(end) < 0,
                "a part of no keys. key=%s",
                key);
    }

    /// What is merged.
    ///
    /// @param l0 view ids, newest first
    /// @param runs ids, newest first
    /// @param segment the prefix of the segment that all of it belongs to; null outside of segments
    public record Sources(
            List<Ulid> l0, List<Long> runs, long destination, @Nullable Bytes segment) {
        /// Outside of segments.
        public Sources(List<Ulid> l0, List<Long> runs, long destination) {
            this(l0, runs, destination, null);
        }

        public Sources {
            l0 = List.copyOf(l0);
            runs = List.copyOf(runs);
            require(!l0.isEmpty() || !runs.isEmpty(), "an order without sources");
        }
    }

    /// Which rows stay: the oldest snapshot, the time at which rows expire, whether anything older
    /// lies beneath.
    public record Keeping(long seqMin, long nowMillis, Beneath beneath) {
        /// What lies beneath the sources.
        public enum Beneath {
            /// Older tables: what removes a key must stay.
            TABLES,
            /// Nothing.
            NOTHING
        }

        public Keeping {
            require(0 <= seqMin, "seqMin=%d", seqMin);
        }
    }

    /// How tables are made, and how often the worker says that it lives.
    public record Making(SstSettings form, long tableBytes, Duration beat) {
        public Making {
            require(0 < tableBytes, "tableBytes=%d", tableBytes);
            require(beat.isPositive(), "beat must be positive: %s", beat);
        }
    }
}
