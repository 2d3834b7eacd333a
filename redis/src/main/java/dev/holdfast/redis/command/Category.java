package dev.holdfast.redis.command;

import java.util.Locale;

/// A group of commands as access control lists name it.
public enum Category {
    KEYSPACE,
    READ,
    WRITE,
    SET,
    SORTEDSET,
    LIST,
    HASH,
    STRING,
    BITMAP,
    HYPERLOGLOG,
    GEO,
    STREAM,
    PUBSUB,
    ADMIN,
    FAST,
    SLOW,
    BLOCKING,
    DANGEROUS,
    CONNECTION,
    TRANSACTION,
    SCRIPTING;

    /// The name with its `@`.
    public String word() {
        return "@" + name().toLowerCase(Locale.ROOT);
    }
}
