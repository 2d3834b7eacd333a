/// How much may be held in memory, and what was used of late.
@NullMarked
package dev.holdfast.redis.memory;

import org.jspecify.annotations.NullMarked;
