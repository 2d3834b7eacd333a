/// The commands on strings.
@NullMarked
package dev.holdfast.redis.strings;

import org.jspecify.annotations.NullMarked;
