package dev.holdfast.redis.signal;

import dev.holdfast.base.Bytes;

/// Something that happened to a key.
///
/// @param name as subscribers see it, such as `lpush`
public record KeyEvent(int database, EventKind kind, String name, Bytes key) {}
