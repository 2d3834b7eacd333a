/// The program that tells one history again, by its name and its seed.
@NullMarked
package dev.holdfast.simulation.replay;

import org.jspecify.annotations.NullMarked;
