/// What parts of the engine cost stays within bounds.
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
