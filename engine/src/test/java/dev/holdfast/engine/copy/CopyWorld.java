package dev.holdfast.engine.copy;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.Checkpoints;
import dev.holdfast.engine.api.upkeep.Clones;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.gc.ShiftedEnv;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// A store with databases in it, and a clock that can be set forward.
final class CopyWorld {
    static final Duration MIN_AGE = Duration.ofMinutes(5);

    static final Settings TINY =
            Settings.defaults()
                    .but()
                    .untended()
                    .compaction(CompactionSettings.off())
                    .flushInterval(Duration.ofMillis(2))
                    .l0SstSize(ByteSize.bytes(1_536))
                    .blockSize(ByteSize.bytes(128))
                    .filterKeysMin(1)
                    .build();

    private static final Settings HASTY = TINY.but().writeTimeout(Duration.ofMillis(20)).build();

    final ShiftedEnv env = new ShiftedEnv();
    final MemoryStore store = new MemoryStore(env);

    HoldfastDb open(String path) {
        return Engine.builder(store, path).settings(TINY).env(env).open();
    }

    /// By way of a client that may die.
    HoldfastDb openHastily(ObjectStore link, String path) {
        Settings settings = HASTY.but().closeTimeout(Duration.ofMillis(50)).build();
        return Engine.builder(link, path).settings(settings).env(env).open();
    }

    /// The same for a collector.
    void collect(ObjectStore link, String path) {
        Engine.builder(link, path)
                .settings(HASTY)
                .env(env)
                .collect(new CollectionRules(MIN_AGE, CollectionRules.Sweep.REMOVE));
    }

    DbReader reader(String path) {
        return Engine.builder(store, path).settings(TINY).env(env).openReader();
    }

    DbReader readerAt(String path, UUID checkpoint) {
        return Engine.builder(store, path)
                .settings(TINY)
                .env(env)
                .openReader(ReaderSettings.atCheckpoint(checkpoint));
    }

    Checkpoints checkpoints(String path) {
        return Engine.builder(store, path).env(env).checkpoints();
    }

    Clones clones() {
        return clones(store);
    }

    /// By way of a client that may die: it waits no longer than a test can.
    Clones clones(ObjectStore link) {
        return Engine.builder(link, "").settings(HASTY).env(env).clones();
    }

    /// The same for checkpoints.
    Checkpoints checkpoints(ObjectStore link, String path) {
        return Engine.builder(link, path).settings(HASTY).env(env).checkpoints();
    }

    /// Writes the pairs `from` to `to` to the database at `path`: some of them in tables, the last
    /// ones in the log alone.
    SortedMap<String, String> write(String path, int from, int to, String value) {
        var written = new TreeMap<String, String>();
        try (HoldfastDb db = open(path)) {
            put(db, written, from, to, value);
            db.flush();
            db.flushMemtables();
        }
        return written;
    }

    static void put(
            HoldfastDb db, SortedMap<String, String> model, int from, int to, String value) {
        for (int i = from; i < to; i++) {
            String key = key(i);
            db.write(
                    new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(value + i)),
                    Durability.MEMORY);
            model.put(key, value + i);
        }
    }

    static String key(int number) {
        return "key%04d".formatted(number);
    }

    SortedMap<String, String> contents(String path) {
        try (DbReader reader = reader(path)) {
            return contents(reader);
        }
    }

    static SortedMap<String, String> contents(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        for (String key : found.keySet())
            if (db.get(Bytes.utf8(key)) == null) throw new AssertionError("no get of " + key);
        return found;
    }

    void compact(String path) throws InterruptedException {
        compact(store, path, env);
    }

    static void compact(ObjectStore store, String path, ShiftedEnv env)
            throws InterruptedException {
        env.shift(Duration.ofSeconds(1));
        CompactionSettings all =
                CompactionSettings.defaults()
                        .withStyle(Style.EVERYTHING)
                        .withTableSize(ByteSize.kibibytes(1));
        Settings settings = TINY.but().compaction(all).build();
        try (StandaloneCompactor compactor =
                Engine.builder(store, path).settings(settings).env(env).compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(60));
        }
    }

    /// Lets time pass and collects, until nothing is left that could go.
    void collect(String path) {
        for (int round = 0; round < 3; round++) {
            env.shift(Duration.ofMinutes(20));
            Engine.builder(store, path)
                    .env(env)
                    .collect(new CollectionRules(MIN_AGE, CollectionRules.Sweep.REMOVE));
        }
    }

    /// Every object below `path`.
    List<String> names(String path) {
        return names(store, path);
    }

    static List<String> names(ObjectStore store, String path) {
        var names = new ArrayList<String>();
        String last = null;
        while (true) {
            List<ObjectMeta> page = store.list(path + "/", last, ObjectStore.LIST_LIMIT_MAX);
            page.forEach(object -> names.add(object.name()));
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return names;
            last = names.getLast();
        }
    }

    /// The store as it is now, to go on with apart.
    MemoryStore copy() {
        var copy = new MemoryStore(env);
        for (String name : allNames()) {
            Bytes body = store.get(name);
            if (body != null) copy.put(name, List.of(body));
        }
        return copy;
    }

    private List<String> allNames() {
        var names = new ArrayList<String>();
        String last = null;
        while (true) {
            List<ObjectMeta> page = store.list("", last, ObjectStore.LIST_LIMIT_MAX);
            page.forEach(object -> names.add(object.name()));
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return names;
            last = names.getLast();
        }
    }
}
