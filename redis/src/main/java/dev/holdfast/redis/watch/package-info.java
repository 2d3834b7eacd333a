/// What is noted of the calls of all clients: the slow ones, how long each command takes, and every
/// one for those who look on.
@NullMarked
package dev.holdfast.redis.watch;

import org.jspecify.annotations.NullMarked;
