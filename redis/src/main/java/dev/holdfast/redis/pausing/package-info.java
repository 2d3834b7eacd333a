/// The time in which no client's calls are run because somebody asked for it.
@NullMarked
package dev.holdfast.redis.pausing;

import org.jspecify.annotations.NullMarked;
