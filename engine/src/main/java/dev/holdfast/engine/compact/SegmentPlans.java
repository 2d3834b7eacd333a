package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What there is to do in a manifest, tree by tree: that outside of segments, and one for each of
/// those. Pure.
final class SegmentPlans {
    private final CompactionPolicy policy;
    private final @Nullable SegmentRules rules;

    /// A segment whose tables are to be dropped.
    record Drain(Bytes segment, List<Ulid> l0, List<Long> runs) {}

    SegmentPlans(CompactionPolicy policy, @Nullable SegmentRules rules) {
        this.policy = policy;
        this.rules = rules;
    }

    /// Plans worth carrying out now while those `taken` are; no two make a run of one id.
    List<CompactionPlan> pick(Manifest manifest, Collection<CompactionPlan> taken) {
        if (manifest.segments().isEmpty())
            return fitting(policy.pick(TreeShape.of(manifest, taken)), manifest);
        long next = manifest.nextRunId();
        for (CompactionPlan each : taken) next = Math.max(next, each.destination() + 1);
        var plans = new ArrayList<CompactionPlan>();
        for (Segment segment : manifest.segments()) {
            Manifest tree = manifest.tree(segment.prefix());
            TreeShape shape = TreeShape.of(tree, taken).withNextRunId(next);
            for (CompactionPlan plan : policy.pick(shape)) {
                plans.add(plan.in(segment.prefix()));
                next = Math.max(next, plan.destination() + 1);
            }
        }
        return fitting(plans, manifest);
    }

    private static List<CompactionPlan> fitting(List<CompactionPlan> plans, Manifest manifest) {
        return plans.stream().filter(plan -> plan.fits(manifest)).toList();
    }

    /// The segments that are to go as of `nowMillis`, but for those that are being compacted.
    List<Drain> drains(Manifest manifest, Collection<CompactionPlan> active, long nowMillis) {
        SegmentRules known = rules;
        if (known == null || manifest.segments().isEmpty()) return List.of();
        var withTables = new ArrayList<Segment>();
        for (Segment each : manifest.segments())
            if (!each.l0().isEmpty() || !each.sortedRuns().isEmpty()) withTables.add(each);
        List<Bytes> prefixes = withTables.stream().map(Segment::prefix).toList();
        Set<Bytes> expired = new HashSet<>(known.retention().expired(prefixes, nowMillis));
        for (CompactionPlan each : active)
            if (each.segment() != null) expired.remove(each.segment());
        return withTables.stream()
                .filter(each -> expired.contains(each.prefix()))
                .map(SegmentPlans::all)
                .toList();
    }

    private static Drain all(Segment segment) {
        return new Drain(
                segment.prefix(),
                segment.l0().stream().map(SstView::id).toList(),
                segment.sortedRuns().stream().map(SortedRun::id).toList());
    }
}
