/// Databases made of others, in a world where whoever makes, detaches or drops them dies at a call
/// to the store, and collectors remove what they may.
///
/// Start reading at `CloneHistory`.
@NullMarked
package dev.holdfast.simulation.copy;

import org.jspecify.annotations.NullMarked;
