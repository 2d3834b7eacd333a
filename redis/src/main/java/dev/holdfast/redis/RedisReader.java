package dev.holdfast.redis;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.redis.keyspace.FoundKey;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The keys of one Redis database, looked at without a server: also beside one that runs.
///
/// Throws `StorageException.Invalid` where there are no Redis databases.
public final class RedisReader {
    private static final int PAGE = 1000;

    private final Reads reads;
    private final Env env;
    private final int database;

    public RedisReader(Reads reads, Env env, int database) {
        this.reads = reads;
        this.env = env;
        this.database = database;
    }

    /// What is at `key`; null if it does not exist.
    public @Nullable RedisEntry find(Bytes key) {
        return Keyspaces.<@Nullable RedisEntry>look(
                reads,
                env,
                database,
                keyspace -> {
                    Meta meta = keyspace.find(key);
                    return meta == null ? null : entry(keyspace, new FoundKey(key, meta));
                });
    }

    /// How many keys there are, expired ones included as long as they are kept.
    public long count() {
        return Keyspaces.look(reads, env, database, keyspace -> keyspace.count().keys());
    }

    /// Shows each key to `visitor`, in an order of their hashes, until it answers false.
    public void visit(Predicate<RedisEntry> visitor) {
        long cursor = 0;
        boolean goOn = true;
        do {
            long from = cursor;
            List<RedisEntry> page = new ArrayList<>();
            cursor =
                    Keyspaces.look(
                            reads,
                            env,
                            database,
                            keyspace ->
                                    keyspace.scan(
                                            from, PAGE, found -> page.add(entry(keyspace, found))));
            for (RedisEntry entry : page) goOn = goOn && visitor.test(entry);
        } while (goOn && cursor != 0);
    }

    private static RedisEntry entry(Keyspace keyspace, FoundKey found) {
        Meta meta = found.meta();
        Bytes value = null;
        if (meta.type() == KeyType.STRING)
            value = meta.hasRows() ? keyspace.string(found.key()) : meta.tail();
        Long expireAt = meta.expires() ? meta.expireAtMillis() : null;
        return new RedisEntry(found.key(), meta.type().word(), value, expireAt);
    }
}
