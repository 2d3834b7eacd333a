/// Every commit of a database as a stream: the log read from outside, in order and without a hole,
/// and what keeps it there for who reads.
@NullMarked
package dev.holdfast.engine.change;

import org.jspecify.annotations.NullMarked;
