/// Judges of histories: what may have happened, given what was asked, answered and seen.
///
/// Pure functions of what somebody noted down. They know neither the engine nor the simulator, so
/// they judge the histories of real processes too.
@NullMarked
package dev.holdfast.simulation.check;

import org.jspecify.annotations.NullMarked;
