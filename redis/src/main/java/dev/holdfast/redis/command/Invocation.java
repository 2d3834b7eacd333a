package dev.holdfast.redis.command;

/// A call of a command with its arguments parsed.
public sealed interface Invocation permits Command, SessionCommand, BoundCommand {}
