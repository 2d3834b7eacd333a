package dev.holdfast.redis.server;

import dev.holdfast.engine.api.Db;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.saving.Saves;

/// What the pages of INFO are read from.
public record ServerParts(
        ServerConfig config, ServerState state, ServerStats stats, Crowd crowd, Store store) {
    /// The sessions that are open.
    public Clients clients() {
        return crowd.clients();
    }

    /// Has the figures of INFO start over.
    public void startOver() {
        stats.reset();
        store.keyspaces.traffic().reset();
    }

    /// The data below.
    public record Store(Db db, Keyspaces keyspaces, Saves saves) {}
}
