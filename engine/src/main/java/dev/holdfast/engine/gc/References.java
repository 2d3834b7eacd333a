package dev.holdfast.engine.gc;

import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.CompactionsVersion;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.StreamMark;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that somebody may still read, as of a moment after the objects in question were
/// listed. Immutable.
///
/// Read in this order: the objects' names first, then the compactor's state, then the manifest. So
/// a table that was listed is either named here, or was made by a compaction that still shows here,
/// or is garbage.
///
/// @param newest the newest manifest
/// @param kept the manifests that must stay, the newest among them
/// @param tables the tables that any of those names
/// @param logRanges the log objects that any of those needs
/// @param compactionsId the newest state of the compactor, 0 if there is none
/// @param activeJobs the compactions that are not over
/// @param tablesBeforeMillis a table whose name is from this time or later may be about to be named
record References(
        ManifestVersion newest,
        Set<Long> kept,
        Set<Ulid> tables,
        List<LogRange> logRanges,
        long compactionsId,
        Set<Ulid> activeJobs,
        long tablesBeforeMillis) {

    /// Log objects from `first` to `last`, both among them.
    record LogRange(long first, long last) {
        boolean contains(long id) {
            return first <= id && id <= last;
        }
    }

    /// What is needed now. `known` is what was read before, or null.
    static References read(
            ManifestStore manifests, CompactionsStore compactions, @Nullable References known) {
        CompactionsVersion state = compactions.latest();
        ManifestVersion newest =
                known == null ? manifests.latest() : manifests.newest(known.newest);
        if (newest == null) throw new Unavailable("no manifest is shown", null);
        var kept = new HashSet<Long>();
        var tables = new HashSet<Ulid>();
        var ranges = new ArrayList<LogRange>();
        kept.add(newest.id());
        addTables(newest.manifest(), tables);
        ranges.add(new LogRange(newest.manifest().replayAfterWalId(), Long.MAX_VALUE));
        for (Checkpoint checkpoint : newest.manifest().checkpoints()) {
            kept.add(checkpoint.manifestId());
            ManifestVersion old = manifests.at(checkpoint.manifestId());
            if (old == null)
                throw new Unavailable(
                        "a checkpoint's manifest is not shown. manifest=`%d`"
                                .formatted(checkpoint.manifestId()),
                        null);
            addTables(old.manifest(), tables);
            Manifest then = old.manifest();
            ranges.add(new LogRange(then.replayAfterWalId(), then.walIdLastSeen()));
            StreamMark consumer = StreamMark.of(checkpoint);
            if (consumer != null) ranges.add(new LogRange(consumer.walId(), Long.MAX_VALUE));
        }
        addUnfinished(state, tables);
        long before = Math.min(barrierOf(state), barrierOf(newest.manifest()));
        long stateId = state == null ? 0 : state.id();
        return new References(newest, kept, tables, ranges, stateId, activeIn(state), before);
    }

    private static Set<Ulid> activeIn(@Nullable CompactionsVersion state) {
        if (state == null) return Set.of();
        return state.compactions().recent().stream()
                .filter(each ->
                        each.status() != Compaction.Status.COMPLETED
                                && each.status() != Compaction.Status.FAILED)
                .map(Compaction::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void addTables(Manifest manifest, Set<Ulid> tables) {
        Stream<SstView> inRuns = manifest.sortedRuns().stream().flatMap(run -> run.ssts().stream());
        Stream<SstView> inSegments =
                manifest.segments().stream()
                        .flatMap(segment ->
                                Stream.concat(
                                        segment.l0().stream(),
                                        segment.sortedRuns().stream()
                                                .flatMap(run -> run.ssts().stream())));
        Stream.of(manifest.l0().stream(), inRuns, inSegments)
                .flatMap(views -> views)
                .forEach(view -> tables.add(view.sst().id()));
    }

    private static void addUnfinished(@Nullable CompactionsVersion state, Set<Ulid> tables) {
        if (state == null) return;
        for (Compaction each : state.compactions().recent())
            for (SstHandle output : each.outputs()) tables.add(output.id());
    }

    // Without an entry nobody can tell whether a compaction is about to show.
    private static long barrierOf(@Nullable CompactionsVersion state) {
        if (state == null) return 0;
        return state.compactions().recent().stream()
                .mapToLong(each -> each.id().timeMillis())
                .min()
                .orElse(0);
    }

    // A table on its way to L0 is named no earlier than the newest that is there.
    private static long barrierOf(Manifest manifest) {
        return manifest.newestL0Millis();
    }

    boolean needsTable(Ulid id) {
        return tables.contains(id) || tablesBeforeMillis <= id.timeMillis();
    }

    boolean needsLog(long id) {
        return logRanges.stream().anyMatch(range -> range.contains(id));
    }
}
