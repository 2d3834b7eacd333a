/// Stores that misbehave on purpose, the same way for the same seed.
@NullMarked
package dev.holdfast.objectstore.fault;

import org.jspecify.annotations.NullMarked;
