package dev.holdfast.redis.keyspace;

import org.jspecify.annotations.Nullable;

/// What a run came to: the result, which may be shown once `seq` is durable.
///
/// @param seq the highest sequence number that the run observed or committed; 0 if there is none
public record Executed<T extends @Nullable Object>(T result, long seq) {}
