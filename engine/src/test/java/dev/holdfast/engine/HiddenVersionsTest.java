package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a flush leaves out, and what it must not.
@Timeout(120)
class HiddenVersionsTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final int TIMES = 100;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir private Path scratch;

    private final MemoryStore store = new MemoryStore();
    private final StallingStore stalling = new StallingStore(store);

    private static Settings settings() {
        return Settings.defaults()
                .but()
                .compaction(CompactionSettings.off())
                .l0SstSize(ByteSize.kibibytes(32))
                .build();
    }

    private HoldfastDb openLocal() {
        LocalSettings local =
                LocalSettings.in(scratch.resolve("local")).withSegmentSize(ByteSize.kibibytes(64));
        return Engine.builder(stalling, "db").settings(settings()).local(local).open();
    }

    private static void put(HoldfastDb db, Bytes key, int from, int to) {
        for (int i = from; i < to; i++)
            db.write(new WriteBatch().put(key, Bytes.utf8("value " + i)), Durability.MEMORY);
    }

    // Large values of one other key, until a table of them is shown.
    private static void fillATable(HoldfastDb db) {
        long deadline = System.nanoTime() + SOON.toNanos();
        Bytes value = Bytes.wrap(new byte[4096]);
        int before = db.stats().l0Ssts();
        while (db.stats().l0Ssts() == before) {
            assertTrue(System.nanoTime() < deadline, "no table");
            db.write(new WriteBatch().put(Bytes.utf8("other"), value), Durability.MEMORY);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static int versions(HoldfastDb db) {
        int count = 0;
        try (Scan.Versions rows = db.versions(KeyRange.all())) {
            while (rows.next()) if (rows.row().key().equals(KEY)) count++;
        }
        return count;
    }

    @Test
    void shouldLeaveOutWhatNobodySees() {
        try (HoldfastDb db = Engine.open(store, "db", settings())) {
            put(db, KEY, 0, TIMES);
            assertEquals(TIMES, versions(db));
            db.flushMemtables();
            assertEquals(1, versions(db));
            assertEquals(Bytes.utf8("value 99"), db.get(KEY));
        }
    }

    @Test
    void shouldKeepWhatASnapshotSees() {
        try (HoldfastDb db = Engine.open(store, "db", settings())) {
            put(db, KEY, 0, TIMES / 2);
            try (Db.Snapshot snapshot = db.snapshot("test", Duration.ofMinutes(5))) {
                put(db, KEY, TIMES / 2, TIMES);
                db.flushMemtables();
                assertEquals(Bytes.utf8("value 49"), snapshot.get(KEY));
            }
            assertEquals(1 + TIMES / 2, versions(db));
        }
    }

    /// Whoever reads the store alone may stand at any of them.
    @Test
    void shouldKeepWhatTheStoreDoesNotHaveYet() {
        HoldfastDb db = openLocal();
        put(db, Bytes.utf8("before"), 0, 1);
        db.flush();
        stalling.stall();
        put(db, KEY, 0, TIMES);
        fillATable(db);
        assertEquals(TIMES, versions(db));
        stalling.goOn();
        db.close();
    }

    @Test
    void shouldRefuseAPastThatAnEarlierLifeHasLeftOut() throws InterruptedException {
        HoldfastDb db = openLocal();
        put(db, KEY, 0, 1);
        long past = db.watermarks().applied();
        put(db, KEY, 1, TIMES);
        db.awaitDurable(db.watermarks().applied(), Durability.REMOTE, SOON);
        stalling.stall();
        fillATable(db);
        assertEquals(1, versions(db));
        db.shutdown(Mode.FAST, Duration.ofSeconds(10));
        stalling.goOn();

        stalling.stallNames("compacted/");
        HoldfastDb next = openLocal();
        assertThrows(Invalid.class, () -> next.snapshotAt(past, "test", SOON));
        assertEquals(Bytes.utf8("value 99"), next.get(KEY));
        stalling.goOn();
        next.close();
    }
}
