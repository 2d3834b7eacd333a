/// What compactions do for Redis databases.
@NullMarked
package dev.holdfast.redis.upkeep;

import org.jspecify.annotations.NullMarked;
