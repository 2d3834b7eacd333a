/// Places of the earth as scores of sorted sets, and the commands on them.
@NullMarked
package dev.holdfast.redis.geo;

import org.jspecify.annotations.NullMarked;
