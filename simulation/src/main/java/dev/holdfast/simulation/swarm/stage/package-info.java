/// What everyone in a run of the swarm shares: the world, its settings, the open database as
/// clients use it, and the journal of all that was asked, answered and seen.
@NullMarked
package dev.holdfast.simulation.swarm.stage;

import org.jspecify.annotations.NullMarked;
