package dev.holdfast.engine.compact;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Ulid;
import java.util.ArrayList;
import java.util.List;

/// Merges runs of like size: few bytes are rewritten, a key may lie in several runs.
///
/// L0 tables become a new run once there are `sourcesMin` of them. Neighbouring runs are merged
/// once there are as many whose sizes do not differ by more than the factor `sizeRatio`.
///
/// @param sourcesMin the least number of tables or runs that is worth a compaction
/// @param sourcesMax the most that one compaction takes
/// @param sizeRatio how many times larger than the smallest a run may be to be merged with it
public record SizeTiered(int sourcesMin, int sourcesMax, double sizeRatio)
        implements CompactionPolicy {
    public SizeTiered {
        require(2 <= sourcesMin, "sourcesMin=%d", sourcesMin);
        require(sourcesMin <= sourcesMax, "sourcesMax=%d", sourcesMax);
        require(1 <= sizeRatio, "sizeRatio=%s", sizeRatio);
    }

    @Override
    public List<CompactionPlan> pick(TreeShape shape) {
        var plans = new ArrayList<CompactionPlan>();
        if (!shape.isL0Taken() && sourcesMin <= shape.l0().size()) plans.add(oldestL0(shape));
        int start = 0;
        while (start < shape.runs().size()) {
            int count = similarFrom(shape.runs(), start);
            if (count < sourcesMin) {
                start++;
                continue;
            }
            plans.add(merged(shape.runs().subList(start, start + count)));
            start += count;
        }
        return plans;
    }

    private CompactionPlan oldestL0(TreeShape shape) {
        int count = Math.min(sourcesMax, shape.l0().size());
        List<Ulid> oldest =
                shape.l0().subList(shape.l0().size() - count, shape.l0().size()).stream()
                        .map(TreeShape.Level0::viewId)
                        .toList();
        return new CompactionPlan(oldest, List.of(), shape.nextRunId());
    }

    private int similarFrom(List<TreeShape.Run> runs, int start) {
        long smallest = Long.MAX_VALUE;
        long largest = 0;
        int end = start;
        while (end < runs.size() && end - start < sourcesMax && !runs.get(end).isTaken()) {
            smallest = Math.min(smallest, runs.get(end).bytes());
            largest = Math.max(largest, runs.get(end).bytes());
            if (sizeRatio * smallest < largest) break;
            end++;
        }
        return end - start;
    }

    private static CompactionPlan merged(List<TreeShape.Run> runs) {
        List<Long> ids = runs.stream().map(TreeShape.Run::id).toList();
        return new CompactionPlan(List.of(), ids, ids.getLast());
    }
}
