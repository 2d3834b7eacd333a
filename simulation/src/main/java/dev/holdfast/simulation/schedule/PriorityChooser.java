package dev.holdfast.simulation.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Runs the thread of the highest priority until it waits; priorities come from a seed, and now and
/// then the leader falls behind everyone else.
///
/// A bug that needs few switches at the right places is found sooner than by equal chances.
public final class PriorityChooser implements Chooser {
    private static final double FALL_CHANCE = 1.0 / 32; // also keeps whoever spins from spinning on

    private final SplittableRandom random;
    private final double switchChance;
    private final Map<Integer, Long> priorities = new HashMap<>();
    private long lowest;

    /// @param switchChance how often a running thread gives way before an access, from 0 to 1
    public PriorityChooser(SplittableRandom random, double switchChance) {
        this.random = random;
        this.switchChance = switchChance;
    }

    @Override
    public int next(List<Strand> ready, int timers) {
        int leader = 0;
        for (int i = 1; i < ready.size(); i++) {
            if (priorityOf(ready.get(leader)) < priorityOf(ready.get(i))) leader = i;
        }
        if (random.nextDouble() < FALL_CHANCE) {
            priorities.put(ready.get(leader).number(), --lowest);
        }
        return leader;
    }

    private long priorityOf(Strand strand) {
        return priorities.computeIfAbsent(
                strand.number(), number -> random.nextLong(Long.MAX_VALUE));
    }

    @Override
    public boolean switchesBefore(int kind) {
        return 0 < switchChance && random.nextDouble() < switchChance;
    }
}
