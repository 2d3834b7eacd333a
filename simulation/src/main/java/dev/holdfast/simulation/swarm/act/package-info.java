/// What clients of the swarm do: one action after another, each noted with its answer.
@NullMarked
package dev.holdfast.simulation.swarm.act;

import org.jspecify.annotations.NullMarked;
