/// The object store of the simulated world: a machine of its own, at the far end of an unreliable
/// network, that goes wrong in every way a real one does.
///
/// Start reading at `SimulatedStore`.
@NullMarked
package dev.holdfast.simulation.store;

import org.jspecify.annotations.NullMarked;
