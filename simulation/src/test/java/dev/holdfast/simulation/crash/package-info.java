/// Crash points, enumerated: the real engine dies at every call to the store, in every way, and
/// what is opened afterwards is compared with what was acknowledged.
///
/// Start reading at `CrashPointTest`.
@NullMarked
package dev.holdfast.simulation.crash;

import org.jspecify.annotations.NullMarked;
