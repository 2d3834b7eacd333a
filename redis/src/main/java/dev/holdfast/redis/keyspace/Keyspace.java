package dev.holdfast.redis.keyspace;

/// One Redis database as one run of one command sees it: reads come from one view, writes gather in
/// one batch.
///
/// Not thread-safe: it belongs to the run. Close it after the run, committed or not.
public final class Keyspace implements AutoCloseable {
    Keyspace() {}

    /// Commits what the run wrote, if nothing that it read was written meanwhile, and returns the
    /// sequence number that must be durable before the reply may go out: of the commit, or, if the
    /// run wrote nothing, the highest that it observed. Throws `StorageException.Conflict` if the
    /// command must be run again.
    public long commit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
