/// The commands on sorted sets.
@NullMarked
package dev.holdfast.redis.zsets;

import org.jspecify.annotations.NullMarked;
