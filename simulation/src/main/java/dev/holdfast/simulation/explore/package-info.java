/// All orders in which a few actors can meet: each is run, or is shown to come to the same as one
/// that was run.
///
/// Start reading at `Exhaustive`.
@NullMarked
package dev.holdfast.simulation.explore;

import org.jspecify.annotations.NullMarked;
