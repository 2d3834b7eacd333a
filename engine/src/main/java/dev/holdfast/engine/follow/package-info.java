/// A database followed from outside: the newest moment of one that another process writes, or the
/// moment of a checkpoint.
///
/// Rows are never written here; of all that is in the store only a reader's own checkpoint is.
@NullMarked
package dev.holdfast.engine.follow;

import org.jspecify.annotations.NullMarked;
