/// The Redis server over a Db.
@NullMarked
package dev.holdfast.redis;

import org.jspecify.annotations.NullMarked;
