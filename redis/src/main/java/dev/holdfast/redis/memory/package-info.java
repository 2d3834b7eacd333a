/// How much runs may hold in memory.
@NullMarked
package dev.holdfast.redis.memory;

import org.jspecify.annotations.NullMarked;
