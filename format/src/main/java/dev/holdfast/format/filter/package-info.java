/// Bloom filters over keys: the legacy form written, the legacy and the composite form read.
@NullMarked
package dev.holdfast.format.filter;

import org.jspecify.annotations.NullMarked;
