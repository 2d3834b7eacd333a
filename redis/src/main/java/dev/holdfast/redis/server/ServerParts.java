package dev.holdfast.redis.server;

import dev.holdfast.engine.api.Db;
import dev.holdfast.redis.keyspace.Keyspaces;

/// What the pages of INFO are read from.
public record ServerParts(
        ServerConfig config, ServerState state, ServerStats stats, Clients clients, Store store) {

    /// The data below.
    public record Store(Db db, Keyspaces keyspaces) {}
}
