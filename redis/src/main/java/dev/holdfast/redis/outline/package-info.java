/// What is kept in memory of where rows of large collections stand, so that they need not be
/// searched for.
@NullMarked
package dev.holdfast.redis.outline;

import org.jspecify.annotations.NullMarked;
