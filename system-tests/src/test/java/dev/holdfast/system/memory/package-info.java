/// Whole processes, measured by the memory that the machine gives them.
@NullMarked
package dev.holdfast.system.memory;

import org.jspecify.annotations.NullMarked;
