/// A store in this process's memory, for tests, simulation and trying things out.
@NullMarked
package dev.holdfast.objectstore.memory;

import org.jspecify.annotations.NullMarked;
