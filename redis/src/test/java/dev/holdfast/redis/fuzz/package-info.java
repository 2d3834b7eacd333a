/// Inputs that nobody thought of, for all that reads what strangers send.
@NullMarked
package dev.holdfast.redis.fuzz;

import org.jspecify.annotations.NullMarked;
