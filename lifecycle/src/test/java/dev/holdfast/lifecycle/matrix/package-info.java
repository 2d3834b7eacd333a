/// The lifecycle kernel in real processes: every way to misbehave, at every moment of a stop, under
/// every sequence of signals.
@NullMarked
package dev.holdfast.lifecycle.matrix;

import org.jspecify.annotations.NullMarked;
