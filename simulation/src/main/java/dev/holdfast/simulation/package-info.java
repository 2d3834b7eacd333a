/// A world in which the real code runs deterministically: one thread at a time, in an order that a
/// seed decides, under a clock that moves only when everyone waits.
///
/// Start reading at `Simulation`.
@NullMarked
package dev.holdfast.simulation;

import org.jspecify.annotations.NullMarked;
