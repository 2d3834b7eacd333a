package dev.holdfast.redis.load;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.StringForm;
import java.util.ArrayList;
import java.util.List;

/// Sets many strings in one Redis database, in batches, as SET would: what was at a key is
/// replaced, of a key that comes twice the later value holds, and DBSIZE is right after each batch.
///
/// Waits for no durability; memory that is full makes [#add] wait as long as the engine's settings
/// say. Not thread-safe.
public final class BulkLoader {
    private static final int BATCH_PAIRS_MAX = 2_000;
    private static final int BATCH_BYTES_MAX = 4 << 20;

    private final Keyspaces keyspaces;
    private final int database;
    private final List<Pair> pairs = new ArrayList<>();
    private long batchBytes;
    private long seq;

    private record Pair(Bytes key, Bytes value) {}

    /// Nobody else may write to the Redis rows of `db` as long as this is used.
    public BulkLoader(Db db, Env env, int database) {
        this.keyspaces = Keyspaces.open(db, env);
        this.database = database;
    }

    /// Takes one pair, and commits a batch once enough have come together. Throws `Invalid` if key
    /// or value is longer than Redis keys or values can be.
    public void add(Bytes key, Bytes value) throws InterruptedException {
        if (!Keyspace.fits(key, value))
            throw new StorageException.Invalid(
                    "key or value too long. key=`" + key + "`, value=`" + value.length() + "`",
                    null);
        pairs.add(new Pair(key, value));
        batchBytes += key.length() + value.length();
        if (pairs.size() == BATCH_PAIRS_MAX || BATCH_BYTES_MAX <= batchBytes) commit();
    }

    /// Commits what is left, and returns the sequence number whose durability is that of all pairs.
    public long finish() throws InterruptedException {
        if (!pairs.isEmpty()) commit();
        return seq;
    }

    private void commit() throws InterruptedException {
        seq = keyspaces.execute(database, this::setAll).seq();
        pairs.clear();
        batchBytes = 0;
    }

    private int setAll(Keyspace keyspace) {
        for (Pair pair : pairs)
            keyspace.overwriteAt(pair.key).set(pair.value, StringForm.PLAIN, Meta.NO_EXPIRY);
        return pairs.size();
    }
}
