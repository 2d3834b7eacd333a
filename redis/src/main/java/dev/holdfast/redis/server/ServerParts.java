package dev.holdfast.redis.server;

import dev.holdfast.engine.api.Db;
import dev.holdfast.redis.keyspace.Keyspaces;

/// What the pages of INFO are read from.
public record ServerParts(
        ServerConfig config, ServerState state, ServerStats stats, Crowd crowd, Store store) {
    /// The sessions that are open.
    public Clients clients() {
        return crowd.clients();
    }

    /// The data below.
    public record Store(Db db, Keyspaces keyspaces) {}
}
