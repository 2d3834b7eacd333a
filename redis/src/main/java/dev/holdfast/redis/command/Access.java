package dev.holdfast.redis.command;

/// What a command does with the keyspace.
public enum Access {
    /// It reads.
    READ,
    /// It may change something.
    WRITE,
    /// It has nothing to do with keys.
    NONE
}
