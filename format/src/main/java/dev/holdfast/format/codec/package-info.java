/// Compression of sections, with every size capped before it is allocated.
@NullMarked
package dev.holdfast.format.codec;

import org.jspecify.annotations.NullMarked;
