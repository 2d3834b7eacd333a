/// The deterministic world that the engine runs in.
@NullMarked
package dev.holdfast.simulation;

import org.jspecify.annotations.NullMarked;
