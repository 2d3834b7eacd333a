/// Bloom filters over keys: the legacy and the composite form, written and read.
@NullMarked
package dev.holdfast.format.filter;

import org.jspecify.annotations.NullMarked;
