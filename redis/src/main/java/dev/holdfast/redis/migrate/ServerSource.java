package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;
import java.util.List;
import java.util.SortedMap;

/// A Redis server that keys are brought in from. Trouble with it is an `UncheckedIOException`.
public interface ServerSource {
    /// What tells this run of the server from any other.
    String runId();

    /// How many keys each of its databases holds, for those that hold any.
    SortedMap<Integer, Long> sizes();

    /// The sources of its libraries of functions.
    List<Bytes> libraries();

    /// Some keys of `database` from `cursor` on, which is 0 at the beginning.
    Page page(int database, long cursor);

    /// Some keys, and the cursor to go on with: 0 at the end. A key may come twice.
    record Page(long next, List<Item> items) {}

    /// A key as DUMP has it.
    ///
    /// @param expireAtMillis [dev.holdfast.redis.keyspace.Meta#NO_EXPIRY] if it does not
    record Item(Bytes key, Bytes payload, long expireAtMillis) {}
}
