/// Answers that may be longer than memory is large.
@NullMarked
package dev.holdfast.redis.listing;

import org.jspecify.annotations.NullMarked;
