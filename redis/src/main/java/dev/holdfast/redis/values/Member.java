package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;

/// A field of a hash and its value, or a member and nothing.
public record Member(Bytes name, Bytes value) {}
