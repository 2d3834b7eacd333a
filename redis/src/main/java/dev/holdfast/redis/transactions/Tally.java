package dev.holdfast.redis.transactions;

import dev.holdfast.redis.command.Reply;

/// Counts the calls that run inside other calls.
@FunctionalInterface
public interface Tally {
    /// The command called `name`, in small letters, was run and answered `reply`.
    void called(String name, Reply reply);
}
