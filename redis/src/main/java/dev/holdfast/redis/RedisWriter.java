package dev.holdfast.redis;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.resp.RespError;
import java.util.List;

/// Writes strings to one Redis database without a server: each call commits as one.
///
/// Throws `StorageException.Invalid` for keys and values that the server would refuse.
public final class RedisWriter {
    /// A key and the string to set it to.
    public record Pair(Bytes key, Bytes value) {}

    private final Keyspaces keyspaces;
    private final int database;

    /// Makes the Redis databases in `db` if there are none.
    public RedisWriter(Db db, Env env, int database) {
        this.keyspaces = Keyspaces.open(db, env);
        this.database = database;
    }

    /// True if `key` is not longer than any that can be kept.
    public static boolean takes(Bytes key) {
        return Keyspaces.takes(key);
    }

    /// Sets every key, as the command SET does, and returns the commit's sequence number. Waits for
    /// no durability.
    public long put(List<Pair> pairs) throws InterruptedException {
        return keyspaces
                .execute(
                        database,
                        keyspace -> {
                            for (Pair pair : pairs)
                                keyspace.overwriteAt(pair.key())
                                        .set(pair.value(), StringForm.PLAIN, Meta.NO_EXPIRY);
                            return pairs.size();
                        },
                        RedisWriter::refused)
                .seq();
    }

    /// Removes every key, and returns how many of them existed. Waits for no durability.
    public int delete(List<Bytes> keys) throws InterruptedException {
        return keyspaces
                .execute(
                        database,
                        keyspace -> (int) keys.stream().filter(keyspace::delete).count(),
                        RedisWriter::refused)
                .result();
    }

    private static Integer refused(RespError error) {
        throw new StorageException.Invalid(String.valueOf(error.getMessage()), error);
    }
}
