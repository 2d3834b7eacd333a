package dev.holdfast.format.manifest;

import dev.holdfast.base.Ulid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a [Manifest] out of another by changing some of its parts. Not thread-safe.
public final class ManifestBuilder {
    private Stage stage;
    private long writerEpoch;
    private long compactorEpoch;
    private long replayAfterWalId;
    private long walIdLastSeen;
    private @Nullable Ulid lastCompactedL0;
    private List<SstView> l0;
    private List<SortedRun> sortedRuns;
    private long lastL0ClockTick;
    private long lastL0Seq;
    private List<Checkpoint> checkpoints;
    private List<ExternalDb> externalDbs;
    private @Nullable String walObjectStoreUri;
    private long recentSnapshotMinSeq;
    private SequenceTracker sequenceTracker;
    private List<Segment> segments;
    private @Nullable String segmentExtractorName;

    ManifestBuilder(Manifest from) {
        stage = from.stage();
        writerEpoch = from.writerEpoch();
        compactorEpoch = from.compactorEpoch();
        replayAfterWalId = from.replayAfterWalId();
        walIdLastSeen = from.walIdLastSeen();
        lastCompactedL0 = from.lastCompactedL0();
        l0 = from.l0();
        sortedRuns = from.sortedRuns();
        lastL0ClockTick = from.lastL0ClockTick();
        lastL0Seq = from.lastL0Seq();
        checkpoints = from.checkpoints();
        externalDbs = from.externalDbs();
        walObjectStoreUri = from.walObjectStoreUri();
        recentSnapshotMinSeq = from.recentSnapshotMinSeq();
        sequenceTracker = from.sequenceTracker();
        segments = from.segments();
        segmentExtractorName = from.segmentExtractorName();
    }

    /// Sets [Manifest#stage].
    public ManifestBuilder stage(Stage stage) {
        this.stage = stage;
        return this;
    }

    /// Sets [Manifest#writerEpoch].
    public ManifestBuilder writerEpoch(long writerEpoch) {
        this.writerEpoch = writerEpoch;
        return this;
    }

    /// Sets [Manifest#compactorEpoch].
    public ManifestBuilder compactorEpoch(long compactorEpoch) {
        this.compactorEpoch = compactorEpoch;
        return this;
    }

    /// Sets [Manifest#replayAfterWalId].
    public ManifestBuilder replayAfterWalId(long replayAfterWalId) {
        this.replayAfterWalId = replayAfterWalId;
        return this;
    }

    /// Sets [Manifest#walIdLastSeen].
    public ManifestBuilder walIdLastSeen(long walIdLastSeen) {
        this.walIdLastSeen = walIdLastSeen;
        return this;
    }

    /// Sets [Manifest#lastCompactedL0].
    public ManifestBuilder lastCompactedL0(@Nullable Ulid lastCompactedL0) {
        this.lastCompactedL0 = lastCompactedL0;
        return this;
    }

    /// Sets [Manifest#l0].
    public ManifestBuilder l0(List<SstView> l0) {
        this.l0 = l0;
        return this;
    }

    /// Sets [Manifest#sortedRuns].
    public ManifestBuilder sortedRuns(List<SortedRun> sortedRuns) {
        this.sortedRuns = sortedRuns;
        return this;
    }

    /// Sets [Manifest#lastL0ClockTick].
    public ManifestBuilder lastL0ClockTick(long lastL0ClockTick) {
        this.lastL0ClockTick = lastL0ClockTick;
        return this;
    }

    /// Sets [Manifest#lastL0Seq].
    public ManifestBuilder lastL0Seq(long lastL0Seq) {
        this.lastL0Seq = lastL0Seq;
        return this;
    }

    /// Sets [Manifest#checkpoints].
    public ManifestBuilder checkpoints(List<Checkpoint> checkpoints) {
        this.checkpoints = checkpoints;
        return this;
    }

    /// Sets [Manifest#externalDbs].
    public ManifestBuilder externalDbs(List<ExternalDb> externalDbs) {
        this.externalDbs = externalDbs;
        return this;
    }

    /// Sets [Manifest#walObjectStoreUri].
    public ManifestBuilder walObjectStoreUri(@Nullable String walObjectStoreUri) {
        this.walObjectStoreUri = walObjectStoreUri;
        return this;
    }

    /// Sets [Manifest#recentSnapshotMinSeq].
    public ManifestBuilder recentSnapshotMinSeq(long recentSnapshotMinSeq) {
        this.recentSnapshotMinSeq = recentSnapshotMinSeq;
        return this;
    }

    /// Sets [Manifest#sequenceTracker].
    public ManifestBuilder sequenceTracker(SequenceTracker sequenceTracker) {
        this.sequenceTracker = sequenceTracker;
        return this;
    }

    /// Sets [Manifest#segments].
    public ManifestBuilder segments(List<Segment> segments) {
        this.segments = segments;
        return this;
    }

    /// Sets [Manifest#segmentExtractorName].
    public ManifestBuilder segmentExtractorName(@Nullable String segmentExtractorName) {
        this.segmentExtractorName = segmentExtractorName;
        return this;
    }

    /// The changed manifest.
    public Manifest build() {
        return new Manifest(
                stage,
                writerEpoch,
                compactorEpoch,
                replayAfterWalId,
                walIdLastSeen,
                lastCompactedL0,
                l0,
                sortedRuns,
                lastL0ClockTick,
                lastL0Seq,
                checkpoints,
                externalDbs,
                walObjectStoreUri,
                recentSnapshotMinSeq,
                sequenceTracker,
                segments,
                segmentExtractorName);
    }
}
