/// What parts of the engine cost, measured with JMH: each with the part and without it.
///
/// Not shipped. `./holdfast-bench` at the root runs it.
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
