/// Whole Redis databases that come from elsewhere or go there: from snapshots and running servers,
/// and to snapshots.
@NullMarked
package dev.holdfast.redis.migrate;

import org.jspecify.annotations.NullMarked;
