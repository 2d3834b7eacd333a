package dev.holdfast.simulation.matrix;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import java.util.TreeMap;

/// A consumer of changes dies again and again beside writers, compactors and collectors; of every
/// second seed nothing is kept for it, and where its log is gone it begins with a fresh view.
public final class ChangesHistory implements History {
    private static final int DEATHS = 6;

    @Override
    public String name() {
        return "changes";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        String name = simulation.seed() % 2 == 0 ? "index" : null;
        Scene.tell(
                simulation, scene -> new ChangesStory(scene, new TreeMap<>(), name).tell(DEATHS));
    }
}
