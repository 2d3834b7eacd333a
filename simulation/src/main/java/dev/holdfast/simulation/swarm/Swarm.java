package dev.holdfast.simulation.swarm;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import java.time.Duration;
import java.util.TreeMap;

/// One run of the whole engine in a hostile world, as a function of its seed.
public final class Swarm implements History {
    private static final Duration LIMIT = Duration.ofHours(3);

    @Override
    public String name() {
        return "swarm";
    }

    @Override
    public void run(Simulation simulation) {
        Verdict verdict = verdict(simulation);
        if (!verdict.isGood()) throw new AssertionError(verdict.explained());
    }

    /// Runs seed `seed`, and judges it.
    public static Verdict run(long seed) {
        return verdict(new Simulation(seed, new Swarm().setup(seed)));
    }

    // Threads switch where they wait: switching before every shared access is told by other
    // histories, and would leave no time for so many seeds.
    @Override
    public Setup setup(long seed) {
        return new Setup(Setup.drawn(seed).order(), 0);
    }

    /// Runs and judges `simulation`.
    static Verdict verdict(Simulation simulation) {
        var world = new World(simulation);
        Journal journal = world.journal();
        new Nemesis(world).start();
        try {
            simulation.run(LIMIT);
        } catch (AssertionError escaped) {
            journal.never(escaped.getMessage());
        }
        long hash = simulation.hash();
        new Judge(world).judge();
        return new Verdict(
                simulation.seed(),
                hash,
                journal.findings(),
                new TreeMap<>(simulation.reached()),
                journal.acknowledged(),
                simulation.elapsed(),
                journal.excerpt());
    }
}
