/// Walking over many sorted sources as one: merging, what is visible, seeking.
///
/// Everything here is pull-based and single-threaded. It never knows where rows come from: no
/// object store, no cache, no manifest.
@NullMarked
package dev.holdfast.engine.iter;

import org.jspecify.annotations.NullMarked;
