/// Calls that wait until a key holds what they ask for, and the order in which they are served.
@NullMarked
package dev.holdfast.redis.waiting;

import org.jspecify.annotations.NullMarked;
