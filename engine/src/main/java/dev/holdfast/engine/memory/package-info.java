/// The bytes that all databases of a process may take together, and who holds how many.
@NullMarked
package dev.holdfast.engine.memory;

import org.jspecify.annotations.NullMarked;
