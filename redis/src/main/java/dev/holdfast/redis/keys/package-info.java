/// The commands on keys, whatever they hold, and on whole databases.
@NullMarked
package dev.holdfast.redis.keys;

import org.jspecify.annotations.NullMarked;
