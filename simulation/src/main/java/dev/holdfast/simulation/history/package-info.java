/// Histories: named stories that run in a simulated world, and the list of all there are.
///
/// Start reading at `History`.
@NullMarked
package dev.holdfast.simulation.history;

import org.jspecify.annotations.NullMarked;
