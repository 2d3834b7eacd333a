package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;

/// A key that could not be brought in, and why.
public record Refusal(int database, Bytes key, String reason) {}
