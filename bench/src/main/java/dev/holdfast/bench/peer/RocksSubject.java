package dev.holdfast.bench.peer;

import dev.holdfast.base.Adapter;
import dev.holdfast.engine.api.Durability;
import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB through its own binding for Java: no compression, Bloom filters of ten bits, and as much
/// memory for blocks and for what is not in tables as Holdfast has. Thread-safe.
@Adapter("threads of the system: a call into native code pins a virtual one")
final class RocksSubject implements Subject {
    private static final long BLOCKS = 512L << 20;
    private static final long MEMTABLE = 64L << 20;
    private static final int BITS = 10;

    static {
        RocksDB.loadLibrary();
    }

    private final LRUCache blocks = new LRUCache(BLOCKS);
    private final BloomFilter filter = new BloomFilter(BITS);
    private final Options options;
    private final WriteOptions unsynced = new WriteOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final RocksDB db;

    private RocksSubject(Path directory, boolean isCompacting) throws RocksDBException {
        var tables = new BlockBasedTableConfig().setBlockCache(blocks).setFilterPolicy(filter);
        options =
                new Options()
                        .setCreateIfMissing(true)
                        .setCompressionType(CompressionType.NO_COMPRESSION)
                        .setWriteBufferSize(MEMTABLE)
                        .setMaxWriteBufferNumber(4)
                        .setMaxBackgroundJobs(4)
                        .setDisableAutoCompactions(!isCompacting)
                        .setTableFormatConfig(tables);
        db = RocksDB.open(options, directory.resolve("rocks").toString());
    }

    static Subject open(Path directory, Task task) {
        return call(
                () -> new RocksSubject(directory, task.text("compacting", "yes").equals("yes")));
    }

    @FunctionalInterface
    private interface Call<T> {
        T now() throws RocksDBException;
    }

    @FunctionalInterface
    private interface Action {
        void now() throws RocksDBException;
    }

    private static <T> T call(Call<T> call) {
        try {
            return call.now();
        } catch (RocksDBException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void run(Action action) {
        try {
            action.now();
        } catch (RocksDBException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void put(byte[] key, byte[] value, Durability durability) {
        run(() -> db.put(durability == Durability.MEMORY ? unsynced : synced, key, value));
    }

    @Override
    public void putAll(byte[][] keys, byte[] value) {
        try (var batch = new WriteBatch()) {
            run(() -> {
                for (byte[] key : keys) batch.put(key, value);
                db.write(unsynced, batch);
            });
        }
    }

    @Override
    public boolean get(byte[] key) {
        return call(() -> db.get(key)) != null;
    }

    @Override
    public long scan() {
        long rows = 0;
        long bytes = 0;
        try (RocksIterator all = db.newIterator()) {
            for (all.seekToFirst(); all.isValid(); all.next()) {
                bytes += all.key().length + all.value().length;
                rows++;
            }
        }
        if (bytes < rows) throw new AssertionError("rows without bytes");
        return rows;
    }

    @Override
    public long scan(byte[] key, int most) {
        long rows = 0;
        try (RocksIterator from = db.newIterator()) {
            for (from.seek(key); rows < most && from.isValid(); from.next())
                rows += from.value().length == 0 ? 0 : 1;
        }
        return rows;
    }

    @Override
    public boolean seek(byte[] key) {
        try (RocksIterator from = db.newIterator()) {
            from.seek(key);
            return from.isValid() && 0 < from.value().length;
        }
    }

    @Override
    public void flushLog() {
        run(() -> db.flushWal(true));
    }

    @Override
    public void flushTables() {
        try (var waiting = new FlushOptions().setWaitForFlush(true)) {
            run(() -> db.flush(waiting));
        }
    }

    @Override
    public void compact() {
        run(db::compactRange);
    }

    @Override
    public Thread start(Runnable body) {
        return Thread.ofPlatform().name("load").start(body);
    }

    @Override
    public void close() {
        db.close();
        options.close();
        unsynced.close();
        synced.close();
        filter.close();
        blocks.close();
    }
}
