package dev.holdfast.simulation.swarm;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.swarm.stage.RunSettings.Scope;

/// One run of the swarm in which clients and readers do all that an engine offers: they merge, let
/// rows expire, remove ranges, ingest, use transactions, follow; and workers share compactions.
public final class FeatureSwarm implements History {
    @Override
    public String name() {
        return "swarm-features";
    }

    @Override
    public void run(Simulation simulation) {
        Verdict verdict = verdict(simulation);
        if (!verdict.isGood()) throw new AssertionError(verdict.explained());
    }

    @Override
    public Setup setup(long seed) {
        return new Swarm().setup(seed);
    }

    /// Runs seed `seed`, and judges it.
    static Verdict run(long seed) {
        return verdict(new Simulation(seed, new FeatureSwarm().setup(seed)));
    }

    /// Runs and judges `simulation`.
    static Verdict verdict(Simulation simulation) {
        return Swarm.verdict(simulation, Scope.EVERYTHING);
    }
}
