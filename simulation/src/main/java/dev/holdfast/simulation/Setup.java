package dev.holdfast.simulation;

import dev.holdfast.simulation.schedule.Chooser;
import dev.holdfast.simulation.schedule.PriorityChooser;
import dev.holdfast.simulation.schedule.UniformChooser;
import java.util.SplittableRandom;

/// How the threads of a run take turns.
///
/// @param switchChance how often a thread gives way before it touches what others may see, from 0
///   (only where it waits) to 1 (always)
public record Setup(Order order, double switchChance) {
    /// Equal chances, switches only where a thread waits.
    public static final Setup PLAIN = new Setup(Order.UNIFORM, 0);

    private static final double[] SWITCH_CHANCES = {0, 0, 0.01, 0.1, 0.5};

    /// Who runs next.
    public enum Order {
        /// Everyone has the same chance.
        UNIFORM,
        /// Whoever leads runs on, until it waits or falls behind.
        PRIORITIES
    }

    /// A setup that the seed draws.
    public static Setup drawn(long seed) {
        var random = new SplittableRandom(~seed);
        Order[] orders = Order.values();
        return new Setup(
                orders[random.nextInt(orders.length)],
                SWITCH_CHANCES[random.nextInt(SWITCH_CHANCES.length)]);
    }

    Chooser chooser(long seed) {
        var random = new SplittableRandom(seed ^ 0x0DE4L);
        return switch (order) {
            case UNIFORM -> new UniformChooser(random, switchChance);
            case PRIORITIES -> new PriorityChooser(random, switchChance);
        };
    }
}
