package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
        return open(store, cache);
    }

    private static HoldfastDb open(ObjectStore on, ByteSize cache) {
        return Engine.builder(on, "db")
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

    /// Whoever looks for manifests may see it before the compactor has written down that it is
    /// done.
    @Test
    void shouldShowWhatIsInMemoryWhoeverSeesTheManifestFirst() {
        var slow = new SlowBooks(store);
        try (HoldfastDb db = open(slow, ByteSize.mebibytes(16))) {
            for (int table = 0; table < TABLES - 1; table++) flushOne(db, table);
            readAll(db, TABLES - 1);
            slow.isSlow = true;
            flushOne(db, TABLES - 1);
            awaitCompaction(db);
            int found = rowsAtHand(db);
            assertTrue(slow.isWaiting, "the compactor was done first");
            slow.goOn();
            assertTrue(TABLES * ROWS / 2 < found, "rows at hand: " + found);
        }
    }

    /// What the compactor writes down after a manifest takes until it may go on.
    private static final class SlowBooks extends ForwardingStore {
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private volatile boolean isSlow;
        private final AtomicInteger tables = new AtomicInteger();
        private volatile boolean hasManifest;
        private volatile boolean isWaiting;

        SlowBooks(MemoryStore inner) {
            super(inner);
        }

        void goOn() {
            mayGoOn.countDown();
        }

        @Override
        public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
            if (hasManifest && name.contains("compactions/")) await();
            hasManifest |= 1 < tables.get() && name.contains("manifest/");
            return super.putIfAbsent(name, parts, putId);
        }

        @Override
        public PutResult put(String name, List<Bytes> parts) {
            if (isSlow && name.contains("compacted/"))
                tables.incrementAndGet(); // first the flush's
            return super.put(name, parts);
        }

        private void await() {
            isWaiting = true;
            try {
                assertTrue(mayGoOn.await(30, TimeUnit.SECONDS), "nobody showed the manifest");
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
