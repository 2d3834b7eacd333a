package dev.holdfast.engine.compact;

import java.util.List;

/// Decides what to compact next. Pure: the same shape gives the same plans.
public interface CompactionPolicy {
    /// Plans worth carrying out now, the most useful first; none of them takes what is taken, no
    /// two of them share a source.
    List<CompactionPlan> pick(TreeShape shape);
}
