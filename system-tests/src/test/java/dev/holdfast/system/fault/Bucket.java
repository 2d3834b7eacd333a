package dev.holdfast.system.fault;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.system.interop.Databases;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A double of S3 with databases in it, filled and looked at by this process, in which another
/// process does what is tested.
///
/// Thread-safe.
final class Bucket implements AutoCloseable {
    private static final Settings SETTINGS =
            Settings.defaults()
                    .but()
                    .blockSize(ByteSize.bytes(512))
                    .compaction(CompactionSettings.off())
                    .collectionInterval(Duration.ZERO)
                    .build();

    private final S3Twin twin = S3Twin.start();
    private final ObjectStore store;

    Bucket() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "testsecret");
        store = ObjectStores.open(twin.url("bucket/all"), Env.system());
    }

    /// The server itself.
    S3Twin twin() {
        return twin;
    }

    /// The URL that the databases lie below, each by its path.
    String url() {
        return twin.url("bucket/all");
    }

    /// Makes the database at `path`: each of `tables` tables holds some of the same `keys` keys,
    /// with values and tombstones. Returns what is in it.
    TreeMap<Bytes, Bytes> fill(String path, int tables, int keys) {
        var model = new TreeMap<Bytes, Bytes>();
        try (HoldfastDb db = Engine.open(store, path, SETTINGS)) {
            for (int table = 0; table < tables; table++) {
                for (int i = 0; i < keys; i++) change(db, model, path, table, i);
                db.flushMemtables();
            }
        }
        return model;
    }

    private static void change(
            HoldfastDb db, TreeMap<Bytes, Bytes> model, String path, int table, int number) {
        Bytes key = Bytes.utf8("key%05d".formatted(number));
        Bytes value = Bytes.utf8(path + " " + table + " " + number + "v".repeat(100));
        switch ((number + table) % 5) {
            case 0 -> {
                db.write(new WriteBatch().delete(key), Durability.MEMORY);
                model.remove(key);
            }
            case 1, 2 -> {
                db.write(new WriteBatch().put(key, value), Durability.MEMORY);
                model.put(key, value);
            }
            default -> {}
        }
    }

    /// One more table in the database at `path`, which changes nothing that a reader sees: so that
    /// the store shows its time, and no older table may be about to be named.
    void touch(String path) {
        try (HoldfastDb db = Engine.open(store, path, SETTINGS)) {
            db.write(new WriteBatch().delete(Bytes.utf8("nothing")), Durability.MEMORY);
        }
    }

    /// Merges all tables of the database at `path`.
    void compact(String path) throws InterruptedException {
        CompactionSettings everything = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings settings = SETTINGS.but().compaction(everything).build();
        try (StandaloneCompactor compactor = Engine.compactor(store, path, settings)) {
            compactor.start();
            compactor.awaitIdle(Duration.ofMinutes(1));
        }
    }

    /// All that a reader sees in the database at `path`.
    TreeMap<Bytes, Bytes> contents(String path) {
        try (DbReader db = Engine.openReader(store, path)) {
            return Databases.rows(db);
        }
    }

    /// What is wrong with the database at `path`.
    FsckReport fsck(String path) {
        return Engine.fsck(store, path);
    }

    /// The names of all objects below `prefix`.
    SortedSet<String> names(String prefix) {
        var names = new TreeSet<String>();
        for (ObjectMeta object : store.list(prefix, null, 1000)) names.add(object.name());
        return names;
    }

    /// The store that the databases lie in.
    ObjectStore store() {
        return store;
    }

    @Override
    public void close() {
        store.close();
        twin.close();
    }
}
