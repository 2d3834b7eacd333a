/// Reads: one key, a range, a fixed view, a database looked at from outside.
///
/// Never writes anything, neither to the store nor to what a view holds.
@NullMarked
package dev.holdfast.engine.read;

import org.jspecify.annotations.NullMarked;
