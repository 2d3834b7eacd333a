/// Words that could have been in java.base: bytes, sizes, deadlines, and the outside world as one
/// object ([Env]).
///
/// Nothing here knows what Holdfast is. Everything above takes time, randomness and threads from
/// [Env], so that a simulator can own them.
@NullMarked
package dev.holdfast.base;

import org.jspecify.annotations.NullMarked;
