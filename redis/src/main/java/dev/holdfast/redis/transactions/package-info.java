/// Several commands as one: MULTI and EXEC, and the keys that a client watches meanwhile.
@NullMarked
package dev.holdfast.redis.transactions;

import org.jspecify.annotations.NullMarked;
