/// The commands on hashes.
@NullMarked
package dev.holdfast.redis.hashes;

import org.jspecify.annotations.NullMarked;
