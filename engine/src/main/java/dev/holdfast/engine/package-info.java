/// The door: opens a database on an object store, to write, to read, or to look at.
///
/// Wires the rooms below together and does nothing else. Everything a caller then holds is a word
/// of `engine.api`.
@NullMarked
package dev.holdfast.engine;

import org.jspecify.annotations.NullMarked;
