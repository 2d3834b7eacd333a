/// What stands between rewritten code and the JVM: the agent, its rewriters, and the hooks that
/// rewritten code calls.
///
/// All of it lies on the boot class path, because the JDK's own classes are rewritten too; so it
/// knows nothing of the house, and reaches a simulation only as a `SimulatedWorld`.
///
/// Start reading at `Agent`.
@NullMarked
package dev.holdfast.simulation.agent;

import org.jspecify.annotations.NullMarked;
