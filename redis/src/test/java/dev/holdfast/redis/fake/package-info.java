/// A database in memory and a client of a few lines, for the tests of the rooms around.
@NullMarked
package dev.holdfast.redis.fake;

import org.jspecify.annotations.NullMarked;
