/// A simulated disk: what was written is seen at once, and only what was forced outlasts a power
/// cut.
///
/// Start reading at `SimulatedDisk`; what a cut leaves behind is decided in `Content` for bytes and
/// in `Names` for names.
@NullMarked
package dev.holdfast.simulation.disk;

import org.jspecify.annotations.NullMarked;
