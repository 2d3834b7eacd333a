package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;

/// A key met on a walk, and what its meta row says.
public record FoundKey(Bytes key, Meta meta) {}
