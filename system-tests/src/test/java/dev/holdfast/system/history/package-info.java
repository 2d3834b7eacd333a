/// Histories of a real server: what many clients asked of it and were answered while it was killed,
/// paused and started again, and whether an object that does one thing after another could have
/// answered so.
@NullMarked
package dev.holdfast.system.history;

import org.jspecify.annotations.NullMarked;
