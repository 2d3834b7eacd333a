package dev.holdfast.simulation.schedule;

import java.util.List;
import java.util.SplittableRandom;

/// Gives everyone the same chance at every step.
public final class UniformChooser implements Chooser {
    private final SplittableRandom random;
    private final double switchChance;

    /// @param switchChance how often a running thread gives way before an access, from 0 to 1
    public UniformChooser(SplittableRandom random, double switchChance) {
        this.random = random;
        this.switchChance = switchChance;
    }

    @Override
    public int next(List<Strand> ready, int timers) {
        return random.nextInt(ready.size());
    }

    @Override
    public boolean switchesBefore(int kind) {
        return 0 < switchChance && random.nextDouble() < switchChance;
    }
}
