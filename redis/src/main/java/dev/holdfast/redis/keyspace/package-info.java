/// Redis keys and values over the pairs of a Db.
@NullMarked
package dev.holdfast.redis.keyspace;

import org.jspecify.annotations.NullMarked;
