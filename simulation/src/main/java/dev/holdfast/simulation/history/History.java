package dev.holdfast.simulation.history;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;

/// A story that can be told again by its name and a seed: what happens in a simulated world, and
/// what must hold in it.
///
/// It registers itself by a line in `META-INF/services/dev.holdfast.simulation.history.History`,
/// and has a public constructor without parameters. One instance may tell many runs, one after
/// another, so it keeps nothing between them.
public interface History {
    /// What it is called, in one word: how a launcher and the file of failed seeds name it.
    String name();

    /// How its threads take turns at that seed.
    default Setup setup(long seed) {
        return Setup.drawn(seed);
    }

    /// Builds the world in `simulation`, runs it to its end, and throws [AssertionError] if what
    /// must hold does not.
    void run(Simulation simulation);
}
