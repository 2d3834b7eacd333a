package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.redis.keyspace.FoundKey;
import dev.holdfast.redis.keyspace.KeyCount;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.rdb.RdbWriter;
import dev.holdfast.redis.transfer.SavedValue;
import java.io.OutputStream;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes all Redis databases that one moment of a database shows as a snapshot that Redis loads.
///
/// What is held is a piece of a value, and no more, whatever there is. Not thread-safe. Throws
/// `StorageException.Invalid` where there are no Redis databases, `UncheckedIOException` where the
/// snapshot cannot be written.
public final class Exporter {
    // A page is one look, which keeps what it found: so what is kept stays bounded.
    private static final int PAGE = 1000;

    private final Reads moment;
    private final Env env;
    private final ImportWatcher watcher;
    private long keys;

    /// @param moment shows the same throughout
    /// @param watcher told how many keys were written
    public Exporter(Reads moment, Env env, ImportWatcher watcher) {
        this.moment = moment;
        this.env = env;
        this.watcher = watcher;
    }

    /// Writes the snapshot, and returns how many keys of which database are in it. Keys whose time
    /// is over are not.
    public SortedMap<Integer, Long> write(OutputStream target) {
        var writer = new RdbWriter(target);
        writer.aside("redis-ver", "7.0.15");
        writer.aside("redis-bits", "64");
        writer.aside("ctime", Long.toString(env.currentTimeMillis() / 1000));
        writer.aside("aof-base", "0");
        for (Bytes source : Keyspaces.look(moment, env, 0, Keyspace::libraries).values())
            writer.functions(source);
        SortedMap<Integer, Long> written = new TreeMap<>();
        for (int database = 0; database < Keyspaces.COUNT; database++) {
            long before = keys;
            write(database, writer);
            if (before < keys) written.put(database, keys - before);
        }
        writer.end();
        return written;
    }

    private void write(int database, RdbWriter writer) {
        KeyCount count = Keyspaces.look(moment, env, database, Keyspace::count);
        if (count.keys() == 0) return;
        writer.database(database, count.keys(), count.expires());
        long cursor = 0;
        do {
            long from = cursor;
            cursor =
                    Keyspaces.look(
                            moment,
                            env,
                            database,
                            keyspace ->
                                    keyspace.scan(
                                            from, PAGE, found -> write(keyspace, found, writer)));
        } while (cursor != 0);
    }

    private void write(Keyspace keyspace, FoundKey found, RdbWriter writer) {
        writer.key(
                found.key(), SavedValue.form(found.meta().type()), found.meta().expireAtMillis());
        SavedValue.write(keyspace, found.key(), found.meta().type(), writer.out());
        keys++;
        watcher.came(keys);
    }
}
