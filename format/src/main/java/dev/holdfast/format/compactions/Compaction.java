package dev.holdfast.format.compactions;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.wire.FormatException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One compaction: what it takes, how far it is, and what it has made.
///
/// @param worker only in version 2
/// @param progress only in version 2
public record Compaction(
        Ulid id,
        Spec spec,
        Status status,
        List<SstHandle> outputs,
        @Nullable Worker worker,
        @Nullable Progress progress) {
    public Compaction {
        outputs = List.copyOf(outputs);
    }

    /// How far a compaction is; the ordinal is the number in the file.
    public enum Status {
        SUBMITTED,
        RUNNING,
        COMPLETED,
        FAILED,
        COMPACTED,
        SCHEDULED;

        private static final Status[] ALL = values();

        static Status of(int id) {
            FormatException.require(0 <= id && id < ALL.length, "compaction status unknown", id);
            return ALL[id];
        }

        /// True if only version 2 knows it.
        boolean isNewer() {
            return this == COMPACTED || this == SCHEDULED;
        }
    }

    /// What a compaction takes.
    public sealed interface Spec permits Tiered, Drain {}

    /// Sources become one sorted run.
    ///
    /// @param segment the prefix of the segment that is compacted; null outside segments
    /// @param destination the run that is made; null where version 1 left it out
    public record Tiered(
            List<Ulid> l0ViewIds,
            List<Long> sortedRuns,
            @Nullable Bytes segment,
            @Nullable Long destination)
            implements Spec {
        public Tiered {
            l0ViewIds = List.copyOf(l0ViewIds);
            sortedRuns = List.copyOf(sortedRuns);
        }
    }

    /// Sources of a segment are dropped.
    public record Drain(Bytes segment, List<Ulid> l0ViewIds, List<Long> sortedRuns)
            implements Spec {
        public Drain {
            l0ViewIds = List.copyOf(l0ViewIds);
            sortedRuns = List.copyOf(sortedRuns);
        }
    }

    /// Who works on it.
    public record Worker(String id, long lastHeartbeatMillis) {}

    /// How far a tiered compaction that was cut into ranges is.
    public record Progress(List<Part> parts, long retentionMinSeq) {
        public Progress {
            parts = List.copyOf(parts);
        }
    }

    /// One range of a compaction, and what was made of it.
    public record Part(@Nullable KeyBounds range, List<SstHandle> outputs) {
        public Part {
            outputs = List.copyOf(outputs);
        }
    }
}
