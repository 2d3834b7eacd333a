package dev.holdfast.app.serve;

import dev.holdfast.app.admin.AdminServer.IfTaken;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.redis.RedisOptions;

/// All that an operator says about a server.
///
/// @param data where the database is
/// @param redis the Redis side
/// @param db the database's settings
/// @param admin the operators' side
public record ServerSettings(
        DatabaseLocation data, RedisOptions redis, Settings db, AdminAddress admin) {

    /// Where operators are answered.
    public record AdminAddress(String host, int port, IfTaken ifTaken) {}
}
