package dev.holdfast.engine.compact;

import dev.holdfast.base.Ulid;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a [CompactionPolicy] sees of a database: how large which tables are, and which of them are
/// being compacted already. Immutable.
///
/// @param l0 newest first
/// @param runs newest first
/// @param nextRunId the id for a run that is newer than all that are there
public record TreeShape(List<Level0> l0, List<Run> runs, long nextRunId) {
    /// Of a database without segments.
    public TreeShape(List<Level0> l0, List<Run> runs) {
        this(l0, runs, runs.isEmpty() ? 0 : runs.getFirst().id() + 1);
    }

    public TreeShape {
        l0 = List.copyOf(l0);
        runs = List.copyOf(runs);
    }

    /// An L0 table.
    public record Level0(Ulid viewId, long bytes, boolean isTaken) {}

    /// A sorted run.
    public record Run(long id, long bytes, boolean isTaken) {}

    /// The shape of what `manifest` names while `active` plans are carried out.
    public static TreeShape of(Manifest manifest, Collection<CompactionPlan> active) {
        Set<Ulid> takenL0 = new HashSet<>();
        Set<Long> takenRuns = new HashSet<>();
        for (CompactionPlan plan : active) {
            takenL0.addAll(plan.l0());
            takenRuns.addAll(plan.runs());
        }
        List<Level0> l0 =
                manifest.l0().stream()
                        .map(view ->
                                new Level0(view.id(), bytesOf(view), takenL0.contains(view.id())))
                        .toList();
        List<Run> runs =
                manifest.sortedRuns().stream()
                        .map(run -> new Run(run.id(), bytesOf(run), takenRuns.contains(run.id())))
                        .toList();
        return new TreeShape(l0, runs);
    }

    private static long bytesOf(SortedRun run) {
        return run.ssts().stream().mapToLong(TreeShape::bytesOf).sum();
    }

    private static long bytesOf(SstView view) {
        return view.sst().properties().propertiesOffset();
    }

    /// True if an L0 table is being compacted. Until that is over no other may be: L0 leaves in
    /// order.
    public boolean isL0Taken() {
        return l0.stream().anyMatch(Level0::isTaken);
    }

    /// The same with another id for a new run.
    TreeShape withNextRunId(long id) {
        return new TreeShape(l0, runs, id);
    }
}
