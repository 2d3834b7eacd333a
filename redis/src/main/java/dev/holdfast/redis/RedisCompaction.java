package dev.holdfast.redis;

import dev.holdfast.engine.api.upkeep.CompactionFilter;
import dev.holdfast.redis.upkeep.DeadRows;

/// What compactions do for a database that holds Redis databases.
public final class RedisCompaction {
    private RedisCompaction() {}

    /// Drops rows of values that were removed or replaced. Rows that are not of Redis stay.
    public static CompactionFilter.Factory deadRows() {
        return DeadRows.FACTORY;
    }
}
