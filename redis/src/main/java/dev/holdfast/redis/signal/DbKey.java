package dev.holdfast.redis.signal;

import dev.holdfast.base.Bytes;

/// A key of one of the databases.
public record DbKey(int database, Bytes key) {}
