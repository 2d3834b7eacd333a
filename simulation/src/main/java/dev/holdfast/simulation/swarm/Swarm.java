package dev.holdfast.simulation.swarm;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.RunSettings.Scope;
import dev.holdfast.simulation.swarm.stage.World;
import java.time.Duration;
import java.util.TreeMap;

/// One run of the whole engine in a hostile world, as a function of its seed.
public final class Swarm implements History {
    private static final Duration LIMIT = Duration.ofHours(3);
    private static final int SWITCHING_STEP = 3;

    @Override
    public String name() {
        return "swarm";
    }

    @Override
    public void run(Simulation simulation) {
        Verdict verdict = verdict(simulation);
        if (!verdict.isGood()) throw new AssertionError(verdict.explained());
    }

    // Every third seed draws how often threads switch before they touch what others may see; in the
    // rest they switch where they wait.
    @Override
    public Setup setup(long seed) {
        Setup drawn = Setup.drawn(seed);
        return seed % SWITCHING_STEP == 1 ? drawn : new Setup(drawn.order(), 0);
    }

    /// Runs seed `seed`, and judges it.
    public static Verdict run(long seed) {
        return verdict(new Simulation(seed, new Swarm().setup(seed)));
    }

    /// Runs and judges `simulation`.
    static Verdict verdict(Simulation simulation) {
        return verdict(simulation, Scope.CORE);
    }

    /// The same with as much of the engine as `scope` says.
    static Verdict verdict(Simulation simulation, Scope scope) {
        var world = new World(simulation, scope);
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
