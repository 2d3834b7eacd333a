/// The local log in a simulated world: a disk that loses what was not forced, a store that comes
/// and goes, and machines that die at every call to either.
///
/// Start reading at `LocalLogCrashTest`.
@NullMarked
package dev.holdfast.simulation.tier;

import org.jspecify.annotations.NullMarked;
