/// Mistakes planted into the real code, and the proof that each of them is found.
///
/// A mutant is compiled from the real source, with a few words replaced, and loaded beside the code
/// that everybody else in the JVM uses. Nothing here is shipped.
@NullMarked
package dev.holdfast.simulation.mutant;

import org.jspecify.annotations.NullMarked;
