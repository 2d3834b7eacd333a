/// What clients keep copies of, and how they are told that a copy is old.
@NullMarked
package dev.holdfast.redis.tracking;

import org.jspecify.annotations.NullMarked;
