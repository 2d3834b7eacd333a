/// Parts of immutable objects, kept on a local disk on the way to a store.
@NullMarked
package dev.holdfast.objectstore.cached;

import org.jspecify.annotations.NullMarked;
