package dev.holdfast.simulation;

import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.store.CrashPoint;
import java.util.SplittableRandom;

/// A machine that flushes all the time dies at a call that the seed draws: every manifest that is
/// there names only what is there.
public final class NamedObjectsHistory implements History {
    private static final int CALLS = 60;

    @Override
    public String name() {
        return "named-objects";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        var random = new SplittableRandom(simulation.seed());
        CrashPoint.Way way = random.nextBoolean() ? CrashPoint.Way.BEFORE : CrashPoint.Way.APPLIED;
        NamedObjectsSimulationTest.ran(
                simulation.seed(), new CrashPoint(random.nextInt(CALLS), way));
    }
}
