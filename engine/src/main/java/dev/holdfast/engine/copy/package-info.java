/// Checkpoints kept by hand, and databases made of others: clones of all or some keys, unions,
/// clones that stand on their own again, and databases that go.
///
/// Everything is worked on through the store alone, by edits of manifests that anybody may make.
@NullMarked
package dev.holdfast.engine.copy;

import org.jspecify.annotations.NullMarked;
