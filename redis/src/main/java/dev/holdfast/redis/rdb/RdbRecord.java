package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;

/// One thing that a snapshot says, in the order in which it stands there.
public sealed interface RdbRecord {
    /// Something about the snapshot itself, such as who wrote it.
    record Aside(Bytes name, Bytes value) implements RdbRecord {}

    /// What follows is of this database.
    record Database(long index) implements RdbRecord {}

    /// How many keys the database has, and how many of them expire: a hint.
    record Sizes(long keys, long expiring) implements RdbRecord {}

    /// The source of a library of functions.
    record Functions(Bytes source) implements RdbRecord {}

    /// What a module keeps beside all keys, and nobody here can read.
    record ModuleAside(String module) implements RdbRecord {}

    /// A key; its value comes next, and is asked for by [RdbReader#value].
    ///
    /// @param expireAtMillis [#NO_EXPIRY] if it does not
    record Key(Bytes key, RdbType type, long expireAtMillis) implements RdbRecord {
        /// The expiry of a key that has none.
        public static final long NO_EXPIRY = -1;
    }
}
