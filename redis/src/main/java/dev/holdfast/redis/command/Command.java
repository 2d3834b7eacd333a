package dev.holdfast.redis.command;

import dev.holdfast.redis.keyspace.Keyspace;

/// A call of a command on keys.
///
/// It may be run more than once, each time on a fresh keyspace, until its writes commit: it keeps
/// nothing from one run to the next.
public non-sealed interface Command extends Invocation {
    /// Reads from and writes to `keyspace`, and tells what to answer once that is committed. Throws
    /// `RespError` to answer with an error and to commit nothing.
    Reply run(Keyspace keyspace);
}
