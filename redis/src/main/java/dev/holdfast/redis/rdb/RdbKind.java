package dev.holdfast.redis.rdb;

/// What a value in a snapshot is, in whichever of its encodings.
public enum RdbKind {
    STRING,
    LIST,
    SET,
    ZSET,
    HASH,
    STREAM,
    MODULE
}
