package dev.holdfast.engine.compact;

import dev.holdfast.base.Ulid;
import java.util.List;

/// Decides what to compact next. Pure: the same shape gives the same plans.
public interface CompactionPolicy {
    /// Plans worth carrying out now, the most useful first; none of them takes what is taken, no
    /// two of them share a source.
    List<CompactionPlan> pick(TreeShape shape);

    /// Merges all there is into one run: reads become as cheap as they can be, and what was removed
    /// is gone for good. Rewrites everything.
    record Everything() implements CompactionPolicy {
        @Override
        public List<CompactionPlan> pick(TreeShape shape) {
            boolean isTaken =
                    shape.isL0Taken() || shape.runs().stream().anyMatch(TreeShape.Run::isTaken);
            boolean isOneRun = shape.l0().isEmpty() && shape.runs().size() <= 1;
            if (isTaken || isOneRun) return List.of();
            List<Ulid> l0 = shape.l0().stream().map(TreeShape.Level0::viewId).toList();
            List<Long> runs = shape.runs().stream().map(TreeShape.Run::id).toList();
            long destination = runs.isEmpty() ? shape.nextRunId() : runs.getLast();
            return List.of(new CompactionPlan(l0, runs, destination));
        }
    }
}
