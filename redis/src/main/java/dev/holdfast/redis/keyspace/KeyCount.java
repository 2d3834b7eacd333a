package dev.holdfast.redis.keyspace;

/// How many keys a database holds, expired ones included as long as they are kept, and how many of
/// them expire. Also a change of both.
public record KeyCount(long keys, long expires) {
    static final KeyCount NONE = new KeyCount(0, 0);

    KeyCount plus(KeyCount other) {
        return new KeyCount(keys + other.keys, expires + other.expires);
    }
}
