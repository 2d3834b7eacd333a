package dev.holdfast.format.manifest;

import dev.holdfast.format.sst.SstKind;
import dev.holdfast.format.wire.FormatException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What holds in every sound manifest. Manifests of other engines carry no checksum: these rules
/// are what meets damage there.
final class ManifestRules {
    private ManifestRules() {}

    static void check(Manifest manifest) {
        var views = new HashSet<SstView>();
        checkLevels(manifest.l0(), manifest.sortedRuns(), views);
        for (Segment segment : manifest.segments())
            checkLevels(segment.l0(), segment.sortedRuns(), views);
        Set<UUID> checkpoints = new HashSet<>();
        for (Checkpoint checkpoint : manifest.checkpoints())
            if (!checkpoints.add(checkpoint.id()))
                throw new FormatException(
                        "manifest has a checkpoint twice. id=`" + checkpoint.id() + "`");
        boolean hasTables = !manifest.l0().isEmpty() || !manifest.sortedRuns().isEmpty();
        FormatException.require(
                !hasTables || 0 < manifest.lastL0Seq(),
                "manifest has tables and no seq of them",
                manifest.lastL0Seq());
    }

    private static void checkLevels(List<SstView> l0, List<SortedRun> runs, Set<SstView> views) {
        for (SstView view : l0) checkView(view, views);
        long previous = Long.MAX_VALUE;
        for (SortedRun run : runs) {
            FormatException.require(run.id() < previous, "sorted runs out of order. id", run.id());
            previous = run.id();
            for (SstView view : run.ssts()) checkView(view, views);
            checkOrder(run);
        }
    }

    // Two parts of one table may be named, the same part not twice.
    private static void checkView(SstView view, Set<SstView> views) {
        if (!views.add(view))
            throw new FormatException("manifest names a view twice. id=`" + view.id() + "`");
        if (view.sst().properties().kind() != SstKind.COMPACTED
                || view.sst().properties().isEmpty())
            throw new FormatException(
                    "manifest names an sst that is no table. id=`" + view.sst().id() + "`");
    }

    // Rows of one key may cross over, so neighbours may share it.
    private static void checkOrder(SortedRun run) {
        for (int i = 1; i < run.ssts().size(); i++) {
            SstView before = run.ssts().get(i - 1);
            SstView view = run.ssts().get(i);
            var last = before.sst().properties().lastEntry();
            var first = view.sst().properties().firstEntry();
            boolean isPart = before.visible() != null || view.visible() != null;
            if (!isPart && last != null && first != null && 0 < last.compareTo(first))
                throw new FormatException("sorted run overlaps. id=`" + run.id() + "`");
        }
    }
}
