package dev.holdfast.app.serve;

import dev.holdfast.app.admin.AdminServer.IfTaken;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.redis.RedisOptions;
import org.jspecify.annotations.Nullable;

/// All that an operator says about a server.
///
/// @param data where the database is
/// @param redis the Redis side
/// @param db the database's settings
/// @param resources what of this machine the engine may use
/// @param admin the operators' side
public record ServerSettings(
        DatabaseLocation data,
        RedisOptions redis,
        Settings db,
        Resources resources,
        AdminAddress admin) {

    /// What of this machine the engine may use.
    ///
    /// @param memory for memtables, blocks and requests under way; null for the engine's own choice
    public record Resources(@Nullable ByteSize memory) {
        EngineBuilder given(EngineBuilder builder) {
            return memory == null ? builder : builder.memory(new EngineMemory(memory));
        }
    }

    /// Where operators are answered.
    public record AdminAddress(String host, int port, IfTaken ifTaken) {}
}
