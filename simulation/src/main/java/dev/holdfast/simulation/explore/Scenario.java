package dev.holdfast.simulation.explore;

import dev.holdfast.simulation.Simulation;

/// A few actors that meet over something shared, and what must hold whatever their order is.
///
/// It is made anew for every run. What actors do must be written in a package whose accesses the
/// agent announces, and what they note for [#judge] must not depend on the order of accesses that
/// are not announced: each notes for itself, or in atomics.
public interface Scenario {
    /// Starts the actors.
    void begin(Simulation simulation);

    /// Throws [AssertionError] if what must hold does not, after everyone has ended.
    void judge();
}
