package dev.holdfast.redis;

import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.local.TailRules;
import dev.holdfast.redis.keyspace.ReplayRules;

/// What may be replayed of a tail to a database that may hold Redis databases.
public final class RedisTail {
    private RedisTail() {}

    /// The rules for the database that `reads` shows. Where there are no Redis databases in it
    /// every row is like any other.
    public static TailRules rules(Reads reads) {
        return new ReplayRules(reads);
    }
}
