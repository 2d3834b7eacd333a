package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;

/// The sixteen Redis databases that live in one Db. Thread-safe.
public final class Keyspaces {
    /// How many databases there are.
    public static final int COUNT = 16;

    public Keyspaces(Db db, Env env) {}

    /// The keyspace of `database`, in `[0, COUNT)`, as it stands now.
    public Keyspace open(int database) {
        throw new UnsupportedOperationException();
    }

    /// How many keys `database` holds, expired ones included as long as they are kept, and how many
    /// of them expire.
    public KeyCount keyCount(int database) {
        throw new UnsupportedOperationException();
    }

    /// The figures of one database that INFO shows.
    public record KeyCount(long keys, long expires) {}
}
