package dev.holdfast.app.serve;

import dev.holdfast.app.admin.AdminServer.IfTaken;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.redis.RedisOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that an operator says about a server.
///
/// @param data where the database is
/// @param redis the Redis side
/// @param db the database's settings
/// @param resources what of this machine the engine may use
/// @param admin the operators' side
/// @param form how the database is stored, beyond its settings
public record ServerSettings(
        DatabaseLocation data,
        RedisOptions redis,
        Settings db,
        Resources resources,
        AdminAddress admin,
        Form form) {
    /// Stored as it is found.
    public ServerSettings(
            DatabaseLocation data,
            RedisOptions redis,
            Settings db,
            Resources resources,
            AdminAddress admin) {
        this(data, redis, db, resources, admin, Form.USUAL);
    }

    /// How a database is stored, beyond its settings.
    ///
    /// @param profile for which engines it is written
    /// @param filters of its tables; null for those of the settings
    public record Form(FormatProfile profile, @Nullable List<FilterPolicy> filters) {
        /// As it is found.
        public static final Form USUAL = new Form(FormatProfile.AS_FOUND, null);

        EngineBuilder given(EngineBuilder builder) {
            builder.profile(profile);
            return filters == null ? builder : builder.filterPolicies(filters);
        }
    }

    /// What of this machine the engine may use.
    ///
    /// @param memory for memtables, blocks and requests under way; null for the engine's own choice
    /// @param diskCache for parts of tables; null for none
    /// @param local for the log in front of the store's; null for none
    public record Resources(
            @Nullable ByteSize memory,
            @Nullable DiskCacheSettings diskCache,
            @Nullable LocalSettings local) {
        /// The same without a local log.
        public Resources withoutLocal() {
            return new Resources(memory, diskCache, null);
        }

        ObjectStore given(ObjectStore store, Env env) {
            return diskCache == null
                    ? store
                    : ObjectStores.cached(store, Engine::isTable, diskCache, env);
        }

        EngineBuilder given(EngineBuilder builder) {
            if (memory != null) builder.memory(new EngineMemory(memory));
            return local == null ? builder : builder.local(local);
        }
    }

    /// The same for a server that takes over from a process of this machine, which holds the local
    /// directory: without one, so that replies wait for the store.
    public ServerSettings withoutLocal() {
        RedisOptions remote =
                redis.durability() == Durability.LOCAL
                        ? redis.withDurability(Durability.REMOTE)
                        : redis;
        return new ServerSettings(data, remote, db, resources.withoutLocal(), admin, form);
    }

    /// Where operators are answered.
    public record AdminAddress(String host, int port, IfTaken ifTaken) {}
}
