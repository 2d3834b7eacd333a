package dev.holdfast.redis.command;

import dev.holdfast.redis.keyspace.Keyspace;

/// What a command does with the keyspace.
public enum Access {
    /// It reads.
    READ,
    /// It may change something.
    WRITE,
    /// It has nothing to do with keys.
    NONE;

    /// `keyspace` as a call with this access sees it: who only reads and finds no key has missed
    /// it.
    public Keyspace on(Keyspace keyspace) {
        return this == READ ? keyspace.reading() : keyspace;
    }
}
