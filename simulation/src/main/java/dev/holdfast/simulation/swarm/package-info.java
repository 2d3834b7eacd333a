/// The whole engine in a hostile world: clients, readers and a nemesis on machines that die, freeze
/// and come back, over a store that misbehaves, all drawn from one seed; and the verdict on what
/// came of it.
///
/// Start reading at `Swarm`.
@NullMarked
package dev.holdfast.simulation.swarm;

import org.jspecify.annotations.NullMarked;
