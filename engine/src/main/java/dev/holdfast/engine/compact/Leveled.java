package dev.holdfast.engine.compact;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Ulid;
import java.util.ArrayList;
import java.util.List;

/// Keeps each run many times larger than the next newer one: few runs, so reads look at little;
/// more bytes are rewritten than by [SizeTiered].
///
/// A run is a level. L0 tables go into the newest run while that is small; a run that has grown too
/// near to its older neighbour is merged into it.
///
/// @param l0Min the least number of L0 tables that is worth a compaction
/// @param l0Max the most that one compaction takes
/// @param levelRatio how many times larger than the next newer one a run is to be
public record Leveled(int l0Min, int l0Max, double levelRatio) implements CompactionPolicy {
    public Leveled {
        require(1 <= l0Min, "l0Min=%d", l0Min);
        require(l0Min <= l0Max, "l0Max=%d", l0Max);
        require(1 < levelRatio, "levelRatio=%s", levelRatio);
    }

    @Override
    public List<CompactionPlan> pick(TreeShape shape) {
        var plans = new ArrayList<CompactionPlan>();
        boolean takesNewest = false;
        if (!shape.isL0Taken() && l0Min <= shape.l0().size()) {
            CompactionPlan plan = l0Into(shape);
            takesNewest = !plan.runs().isEmpty();
            plans.add(plan);
        }
        List<TreeShape.Run> runs = shape.runs();
        int newer = takesNewest ? 1 : 0;
        while (newer + 1 < runs.size()) {
            TreeShape.Run older = runs.get(newer + 1);
            if (isTooNear(runs.get(newer), older)) {
                List<Long> ids = List.of(runs.get(newer).id(), older.id());
                plans.add(new CompactionPlan(List.of(), ids, older.id()));
                newer++;
            }
            newer++;
        }
        return plans;
    }

    private CompactionPlan l0Into(TreeShape shape) {
        int count = Math.min(l0Max, shape.l0().size());
        List<TreeShape.Level0> oldest =
                shape.l0().subList(shape.l0().size() - count, shape.l0().size());
        List<Ulid> ids = oldest.stream().map(TreeShape.Level0::viewId).toList();
        if (shape.runs().isEmpty() || shape.runs().getFirst().isTaken())
            return new CompactionPlan(ids, List.of(), shape.nextRunId());
        TreeShape.Run newest = shape.runs().getFirst();
        long l0Bytes = oldest.stream().mapToLong(TreeShape.Level0::bytes).sum();
        return newest.bytes() <= levelRatio * l0Bytes
                ? new CompactionPlan(ids, List.of(newest.id()), newest.id())
                : new CompactionPlan(ids, List.of(), shape.nextRunId());
    }

    private boolean isTooNear(TreeShape.Run newer, TreeShape.Run older) {
        return !newer.isTaken() && !older.isTaken() && older.bytes() < levelRatio * newer.bytes();
    }
}
