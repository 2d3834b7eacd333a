/// The door to object stores: a URL in, a store out.
@NullMarked
package dev.holdfast.objectstore;

import org.jspecify.annotations.NullMarked;
