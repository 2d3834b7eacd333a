/// The commands on the bits of strings.
@NullMarked
package dev.holdfast.redis.bitmaps;

import org.jspecify.annotations.NullMarked;
