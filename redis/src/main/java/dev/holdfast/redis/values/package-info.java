/// The collections of Redis over data rows: hashes, sets, sorted sets. None is ever held in memory
/// as a whole.
@NullMarked
package dev.holdfast.redis.values;

import org.jspecify.annotations.NullMarked;
