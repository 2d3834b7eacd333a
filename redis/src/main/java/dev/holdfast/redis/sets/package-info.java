/// The commands on sets.
@NullMarked
package dev.holdfast.redis.sets;

import org.jspecify.annotations.NullMarked;
