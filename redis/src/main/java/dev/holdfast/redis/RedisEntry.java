package dev.holdfast.redis;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// A key of a Redis database, as a tool shows it.
///
/// @param type as the command TYPE names it
/// @param value of a string; null of any other type
/// @param expireAtMillis when it ceases to exist, in milliseconds since the Unix epoch; null if
///   never
public record RedisEntry(
        Bytes key, String type, @Nullable Bytes value, @Nullable Long expireAtMillis) {}
