/// The format of Redis's snapshots and of DUMP: what its bytes mean, read and written as they come,
/// without any knowledge of where values are kept.
@NullMarked
package dev.holdfast.redis.rdb;

import org.jspecify.annotations.NullMarked;
