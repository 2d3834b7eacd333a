/// The way of a batch: ordered, logged, applied, frozen, flushed; and the takeover and recovery
/// that come before the first one.
@NullMarked
package dev.holdfast.engine.write;

import org.jspecify.annotations.NullMarked;
