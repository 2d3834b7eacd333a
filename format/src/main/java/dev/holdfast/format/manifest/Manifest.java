package dev.holdfast.format.manifest;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that a database consists of at one moment. Immutable; [#but] makes the next one.
///
/// It holds everything that a manifest of version 1 or 2 can say. Its number is the name of its
/// file and stands nowhere inside.
///
/// @param replayAfterWalId rows up to this WAL object are all in tables
/// @param walIdLastSeen the last WAL object known to be durable
/// @param lastCompactedL0 the view id of the newest L0 that went into a sorted run
/// @param l0 newest first
/// @param sortedRuns newest first: by falling id
/// @param lastL0ClockTick the newest time of creation in tables; [Long#MIN_VALUE] before the first
/// @param lastL0Seq the newest sequence number in tables
/// @param recentSnapshotMinSeq the oldest sequence number that an open snapshot needs
/// @param segments only in version 2
/// @param segmentExtractorName only in version 2
public record Manifest(
        Stage stage,
        long writerEpoch,
        long compactorEpoch,
        long replayAfterWalId,
        long walIdLastSeen,
        @Nullable Ulid lastCompactedL0,
        List<SstView> l0,
        List<SortedRun> sortedRuns,
        long lastL0ClockTick,
        long lastL0Seq,
        List<Checkpoint> checkpoints,
        List<ExternalDb> externalDbs,
        @Nullable String walObjectStoreUri,
        long recentSnapshotMinSeq,
        SequenceTracker sequenceTracker,
        List<Segment> segments,
        @Nullable String segmentExtractorName) {

    public Manifest {
        require(
                0 <= writerEpoch && 0 <= compactorEpoch,
                "epoch negative: %d, %d",
                writerEpoch,
                compactorEpoch);
        require(
                0 <= replayAfterWalId && 0 <= walIdLastSeen,
                "wal id negative: %d, %d",
                replayAfterWalId,
                walIdLastSeen);
        require(
                0 <= lastL0Seq && 0 <= recentSnapshotMinSeq,
                "seq negative: %d, %d",
                lastL0Seq,
                recentSnapshotMinSeq);
        l0 = List.copyOf(l0);
        sortedRuns = List.copyOf(sortedRuns);
        checkpoints = List.copyOf(checkpoints);
        externalDbs = List.copyOf(externalDbs);
        segments = List.copyOf(segments);
    }

    /// The first manifest of a new database.
    public static Manifest initial() {
        return new Manifest(
                Stage.READY,
                0,
                0,
                0,
                0,
                null,
                List.of(),
                List.of(),
                Long.MIN_VALUE,
                0,
                List.of(),
                List.of(),
                null,
                0,
                SequenceTracker.empty(),
                List.of(),
                null);
    }

    /// A builder that starts from this manifest.
    public ManifestBuilder but() {
        return new ManifestBuilder(this);
    }

    /// The tree of `segment` as a manifest without segments: its tables in place of those outside
    /// of all segments, which null stands for. Empty if there is no such segment.
    public Manifest tree(@Nullable Bytes segment) {
        if (segment == null) return segments.isEmpty() ? this : but().segments(List.of()).build();
        Segment found = segment(segment);
        return but().segments(List.of())
                .lastCompactedL0(found == null ? null : found.lastCompactedL0())
                .l0(found == null ? List.of() : found.l0())
                .sortedRuns(found == null ? List.of() : found.sortedRuns())
                .build();
    }

    /// The same with the tables of `tree` as those of `segment`.
    public Manifest withTree(Bytes segment, Manifest tree) {
        var changed = new ArrayList<Segment>();
        for (Segment each : segments) if (!each.prefix().equals(segment)) changed.add(each);
        changed.add(new Segment(segment, tree.lastCompactedL0(), tree.l0(), tree.sortedRuns()));
        changed.sort(Comparator.comparing(Segment::prefix));
        return but().segments(changed).build();
    }

    /// The segment of the keys that begin with `prefix`; null if there is none.
    public @Nullable Segment segment(Bytes prefix) {
        for (Segment each : segments) if (each.prefix().equals(prefix)) return each;
        return null;
    }

    /// The id for a sorted run that is newer than all that are there, whatever their segment.
    public long nextRunId() {
        long next = sortedRuns.isEmpty() ? 0 : sortedRuns.getFirst().id() + 1;
        for (Segment each : segments)
            if (!each.sortedRuns().isEmpty())
                next = Math.max(next, each.sortedRuns().getFirst().id() + 1);
        return next;
    }

    /// The newest time that the names of L0 tables tell, of those too that were compacted last.
    public long newestL0Millis() {
        long newest = newestMillis(l0, lastCompactedL0);
        for (Segment each : segments)
            newest = Math.max(newest, newestMillis(each.l0(), each.lastCompactedL0()));
        return newest;
    }

    private static long newestMillis(List<SstView> l0, @Nullable Ulid compacted) {
        long newest = compacted == null ? 0 : compacted.timeMillis();
        return l0.isEmpty() ? newest : Math.max(newest, l0.getFirst().id().timeMillis());
    }

    /// True if only version 2 can say all that it holds.
    public boolean needsVersion2() {
        return !segments.isEmpty()
                || segmentExtractorName != null
                || l0.stream().anyMatch(Manifest::isRenamed)
                || sortedRuns.stream()
                        .anyMatch(run -> run.ssts().stream().anyMatch(Manifest::isRenamed));
    }

    private static boolean isRenamed(SstView view) {
        return !view.id().equals(view.sst().id());
    }
}
