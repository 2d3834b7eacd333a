package dev.holdfast.redis.command;

import dev.holdfast.redis.keyspace.Keyspace.Passage;

/// A call that copies a value as a whole. Where that is more than one run may hold, its rows are
/// copied beforehand, and the call is run again.
public interface CopyingCommand extends Command {
    /// From where to where it copies, for a client that has chosen `database`.
    Passage passage(int database);
}
