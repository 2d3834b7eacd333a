package dev.holdfast.bench.peer;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.local.LocalStore;
import java.nio.file.Path;
import java.time.Duration;

/// Holdfast on a local directory, with the memory for blocks that SlateDB takes by default.
/// Thread-safe.
final class HoldfastSubject implements Subject {
    private static final String PATH = "db";
    private static final ByteSize BLOCKS = ByteSize.mebibytes(512);
    // For everything: as many blocks as a peer has, and four memtables.
    private static final ByteSize MEMORY = ByteSize.mebibytes(768);
    private static final Duration FLUSH = Duration.ofMillis(100);

    private static final Duration COMPACTED = Duration.ofMinutes(10);

    private final Env env = Env.system();
    private final LocalStore store;
    private final Settings settings;
    private final HoldfastDb db;

    private HoldfastSubject(Path directory, Settings settings) {
        this.settings = settings;
        store = new LocalStore(directory, env);
        db = Engine.open(store, PATH, settings);
    }

    static Subject open(Path directory, Task task) {
        String flush = task.text("flush", FLUSH.toMillis() + "ms");
        long millis = Long.parseLong(flush.substring(0, flush.length() - 2));
        boolean isCompacting = task.text("compacting", "yes").equals("yes");
        ByteSize memtable = ByteSize.mebibytes(Integer.parseInt(task.text("memtable", "64")));
        Settings settings =
                Settings.defaults()
                        .but()
                        .unflushedMax(ByteSize.bytes(4 * memtable.bytes()))
                        .l0SstSize(memtable)
                        .blockCacheSize(BLOCKS)
                        .flushInterval(Duration.ofMillis(millis))
                        .compaction(
                                isCompacting
                                        ? CompactionSettings.defaults()
                                        : CompactionSettings.off())
                        .build();
        EngineMemory.ofProcess().resize(MEMORY);
        return new HoldfastSubject(directory, settings);
    }

    @Override
    public void put(byte[] key, byte[] value, Durability durability) {
        var batch = new WriteBatch().put(Bytes.wrap(key), Bytes.wrap(value));
        db.write(batch, durability);
    }

    @Override
    public void putAll(byte[][] keys, byte[] value) {
        var batch = new WriteBatch();
        for (byte[] key : keys) batch.put(Bytes.wrap(key), Bytes.wrap(value));
        db.write(batch, Durability.MEMORY);
    }

    @Override
    public boolean get(byte[] key) {
        return db.get(Bytes.wrap(key)) != null;
    }

    @Override
    public void transfer(byte[] from, byte[] to, byte[] value) {
        boolean hasWon = false;
        while (!hasWon) hasWon = hasTransferred(Bytes.wrap(from), Bytes.wrap(to), value);
    }

    private boolean hasTransferred(Bytes from, Bytes to, byte[] value) {
        try {
            return db.transact(
                    IsolationLevel.SERIALIZABLE,
                    Durability.MEMORY,
                    transaction -> {
                        boolean isThere =
                                transaction.get(from) != null && transaction.get(to) != null;
                        transaction.put(from, Bytes.wrap(value)).put(to, Bytes.wrap(value));
                        return isThere;
                    });
        } catch (Conflict _) {
            return false;
        }
    }

    @Override
    public long scan() {
        long rows = 0;
        try (Scan scan = db.scan(KeyRange.all(), Order.ASCENDING)) {
            while (scan.next()) rows++;
        }
        return rows;
    }

    @Override
    public long scan(byte[] key, int most) {
        long rows = 0;
        try (Scan scan = db.scan(KeyRange.from(Bytes.wrap(key)), Order.ASCENDING)) {
            while (rows < most && scan.next()) rows += scan.value().isEmpty() ? 0 : 1;
        }
        return rows;
    }

    @Override
    public boolean seek(byte[] key) {
        try (Scan scan = db.scan(KeyRange.from(Bytes.wrap(key)), Order.ASCENDING)) {
            return scan.next() && 0 < scan.value().length();
        }
    }

    @Override
    public void flushLog() {
        db.flush();
    }

    @Override
    public void flushTables() {
        db.flushMemtables();
    }

    @Override
    public void compact() {
        CompactionSettings all = CompactionSettings.off().withStyle(Style.EVERYTHING);
        Settings compacting = settings.but().compaction(all).build();
        try (var compactor = Engine.builder(store, PATH).settings(compacting).compactor()) {
            compactor.start();
            compactor.awaitIdle(COMPACTED);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public Thread start(Runnable body) {
        return env.start("load", body);
    }

    @Override
    public void close() {
        db.close();
    }
}
