package dev.holdfast.simulation.explore;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import java.time.Duration;
import java.util.function.Supplier;

/// Runs a scenario in every order of its actors' accesses to what they share, or in many random
/// ones.
public final class Exhaustive {
    private static final Duration LIMIT = Duration.ofHours(1);

    private Exhaustive() {}

    /// How far an exploration reaches.
    ///
    /// @param sees what may come between two turns
    /// @param reduction whether orders that come to the same are run once
    /// @param ordersMax how many runs are bearable: more than that fails
    public record Reach(Sees sees, Reduction reduction, long ordersMax) {
        /// Accesses that order threads; each order once.
        public static final Reach USUAL = new Reach(Sees.ACCESSES, Reduction.ONCE, 50_000);

        /// Like [#USUAL], and a timed wait may end at any point.
        public static final Reach WITH_TIMERS = new Reach(Sees.TIMERS, Reduction.ONCE, 50_000);

        /// Like [#USUAL], and ordinary fields count too: for code that may race.
        public static final Reach WITH_FIELDS = new Reach(Sees.FIELDS, Reduction.ONCE, 50_000);

        boolean seesFields() {
            return sees == Sees.FIELDS;
        }

        boolean seesTimers() {
            return sees == Sees.TIMERS;
        }

        boolean reduces() {
            return reduction == Reduction.ONCE;
        }
    }

    /// What may come between two turns.
    public enum Sees {
        ACCESSES,
        TIMERS,
        FIELDS
    }

    /// Whether orders that come to the same are run once or each.
    public enum Reduction {
        ONCE,
        EACH
    }

    /// Runs all orders. Throws [AssertionError] with the order in which something was wrong.
    public static Exploration explore(Supplier<? extends Scenario> scenarios) {
        return explore(Reach.USUAL, scenarios);
    }

    /// Like [#explore(Supplier)], as far as `reach` says.
    public static Exploration explore(Reach reach, Supplier<? extends Scenario> scenarios) {
        var walk = new Walk(reach);
        long orders = 0;
        long cut = 0;
        int stepsMax = 0;
        do {
            walk.rewind();
            run(new Simulation(0, walk), scenarios.get(), walk);
            if (walk.isCut()) cut++;
            else orders++;
            stepsMax = Math.max(stepsMax, walk.depth());
            if (reach.ordersMax() < orders + cut) {
                throw new AssertionError("more than " + reach.ordersMax() + " orders");
            }
        } while (walk.turn());
        return new Exploration(orders, cut, stepsMax);
    }

    private static void run(Simulation simulation, Scenario scenario, Walk walk) {
        try {
            scenario.begin(simulation);
            simulation.run(LIMIT);
            if (!walk.isCut()) scenario.judge();
        } catch (AssertionError wrong) {
            throw new AssertionError(
                    wrong.getMessage() + "\nin this order:\n" + walk.told(), wrong);
        }
    }

    /// Runs `count` random orders, switching before every second access on average. Throws
    /// [AssertionError] with the seed of the run in which something was wrong.
    public static Exploration sample(int count, Supplier<? extends Scenario> scenarios) {
        int stepsMax = 0;
        Setup.Order[] orders = Setup.Order.values();
        for (int seed = 0; seed < count; seed++) {
            Setup setup = new Setup(orders[seed % orders.length], 0.5);
            var simulation = new Simulation(seed, setup);
            Scenario scenario = scenarios.get();
            try {
                scenario.begin(simulation);
                simulation.run(LIMIT);
                scenario.judge();
            } catch (AssertionError wrong) {
                throw new AssertionError("seed=" + seed + ": " + wrong.getMessage(), wrong);
            }
            stepsMax = (int) Math.max(stepsMax, simulation.steps());
        }
        return new Exploration(count, 0, stepsMax);
    }
}
