package dev.holdfast.redis.command;

/// A call on keys that depends on what the session holds.
@FunctionalInterface
public non-sealed interface BoundCommand extends Invocation {
    /// The call itself, with what it needs of `session`. Throws `RespError` to answer with an
    /// error.
    Command bind(Session session);
}
