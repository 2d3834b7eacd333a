/// Commands on streams and their consumer groups.
@NullMarked
package dev.holdfast.redis.streams;

import org.jspecify.annotations.NullMarked;
