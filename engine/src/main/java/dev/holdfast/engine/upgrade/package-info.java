/// A database becomes one of the newer profile: by one put, after everybody who writes is fenced.
///
/// Writes no row, and reads none.
@NullMarked
package dev.holdfast.engine.upgrade;

import org.jspecify.annotations.NullMarked;
