package dev.holdfast.redis.command;

/// A call of a command on the connection or the server, not on keys. It is run once.
@FunctionalInterface
public non-sealed interface SessionCommand extends Invocation {
    /// Does it, and tells what to answer. Throws `RespError` to answer with an error.
    Reply run(Session session);
}
