/// Rows of the fault matrix that are played through one by one, in simulated worlds.
@NullMarked
package dev.holdfast.simulation.matrix;

import org.jspecify.annotations.NullMarked;
