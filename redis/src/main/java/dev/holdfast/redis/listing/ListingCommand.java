package dev.holdfast.redis.listing;

import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.keyspace.Keyspace;

/// A call that changes nothing and answers with elements in a row, of which there may be more than
/// memory holds. Inside MULTI its answer is held as a whole, and bounded.
@FunctionalInterface
public interface ListingCommand extends Command {
    /// The elements, which can be shown as long as the run of `keyspace` is open.
    Listing list(Keyspace keyspace);

    @Override
    default Reply run(Keyspace keyspace) {
        return list(keyspace).gather(keyspace);
    }
}
