package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What was in memory of tables is in memory of those that they become.
@Timeout(120)
class CompactedBlocksTest {
    private static final int TABLES = 4;
    private static final int ROWS = 2_000; // a table

    private final MemoryStore store = new MemoryStore();

    // In a memory of its own: in a shared one it has the room that others leave.
    private HoldfastDb open(ByteSize cache) {
        return Engine.builder(store, "db")
                .settings(settings(cache))
                .memory(new EngineMemory(ByteSize.mebibytes(256)))
                .open();
    }

    private static Settings settings(ByteSize cache) {
        var compaction =
                new CompactionSettings(
                        Style.TIERED,
                        TABLES,
                        TABLES,
                        4,
                        ByteSize.kibibytes(100),
                        1,
                        2,
                        Duration.ofMillis(20),
                        CompactionSettings.Workers.defaults(),
                        Duration.ofMinutes(15));
        return Settings.defaults().but().compaction(compaction).blockCacheSize(cache).build();
    }

    private static Bytes key(int row) {
        return Bytes.utf8("key-%06d".formatted(row));
    }

    private static void flushOne(HoldfastDb db, int table) {
        var batch = new WriteBatch();
        for (int row = table * ROWS; row < (table + 1) * ROWS; row++)
            batch.put(key(row), Bytes.utf8("a value of some length " + row * 31L));
        db.write(batch, Durability.MEMORY);
        db.flushMemtables();
    }

    private static void readAll(HoldfastDb db, int tables) {
        for (int row = 0; row < tables * ROWS; row++) db.get(key(row));
    }

    private static void awaitCompaction(HoldfastDb db) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (db.stats().sortedRuns() == 0) {
            assertTrue(System.nanoTime() < deadline, "nothing was compacted");
            LockSupport.parkNanos(1_000_000);
        }
    }

    // How many rows are found without the store.
    private static int rowsAtHand(HoldfastDb db) {
        int found = 0;
        try (ReadView view = db.view()) {
            view.keepToMemory();
            for (int row = 0; row < TABLES * ROWS; row++) {
                try {
                    if (view.get(key(row)) != null) found++;
                } catch (ReadView.OutOfReach _) {
                    // of a block that is not in memory
                }
            }
        }
        return found;
    }

    @Test
    void shouldKeepAsMuchInMemoryAsThereWas() {
        try (HoldfastDb db = open(ByteSize.mebibytes(16))) {
            for (int table = 0; table < TABLES - 1; table++) flushOne(db, table);
            readAll(db, TABLES - 1);
            long loaded = db.stats().blocks().misses();
            flushOne(db, TABLES - 1);
            awaitCompaction(db);

            int found = rowsAtHand(db);
            int least = TABLES * ROWS / 2;
            assertTrue(least < found, "rows at hand: " + found);
            assertEquals(loaded, db.stats().blocks().misses());
            readAll(db, TABLES);
            assertEquals(TABLES * ROWS, rowsAtHand(db));
        }
    }

    @Test
    void shouldKeepNothingOfWhatNobodyReads() {
        try (HoldfastDb db = open(ByteSize.mebibytes(16))) {
            for (int table = 0; table < TABLES; table++) flushOne(db, table);
            awaitCompaction(db);
            assertEquals(0, rowsAtHand(db));
        }
    }

    @Test
    void shouldDriveNobodyOutBeyondTheCache() {
        ByteSize cache = ByteSize.kibibytes(100);
        try (HoldfastDb db = open(cache)) {
            for (int table = 0; table < TABLES; table++) {
                flushOne(db, table);
                readAll(db, table + 1);
            }
            awaitCompaction(db);
            assertTrue(db.stats().blocks().bytes() <= cache.bytes() + (4 << 20));
        }
    }
}
