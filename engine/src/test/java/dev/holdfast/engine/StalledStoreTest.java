package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What happens while the store does not answer (WAL-10, SRV-02, LIFE-13).
class StalledStoreTest {
    private final StallingStore store = new StallingStore(new MemoryStore());

    private HoldfastDb open() {
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(ByteSize.kibibytes(4))
                        .unflushedMax(ByteSize.kibibytes(16))
                        .writeTimeout(Duration.ofMillis(300))
                        .closeTimeout(Duration.ofSeconds(1))
                        .build();
        return Engine.open(store, "", settings);
    }

    private static WriteBatch row(int number) {
        return new WriteBatch().put(Bytes.utf8("k" + number), Bytes.wrap(new byte[100]));
    }

    private static int writeUntilFull(HoldfastDb db) {
        for (int i = 0; i < 10_000; i++) {
            try {
                db.write(row(i), Durability.MEMORY);
            } catch (Unavailable full) {
                return i;
            }
        }
        throw new AssertionError("memory never filled");
    }

    @Test
    @Tag("WAL-10")
    void shouldBoundMemoryAndCommitNothingWhenMemoryIsFull() {
        // given
        try (HoldfastDb db = open()) {
            store.stall();
            // when
            int written = writeUntilFull(db);
            // then
            assertTrue(10 < written, "written=" + written);
            assertEquals(written, db.watermarks().applied());
            assertTrue(db.stats().memtableBytes() <= 16 << 10, db.stats().toString());
            assertEquals(100, db.get(Bytes.utf8("k0")).length());
            store.goOn();
            db.flush();
            db.write(row(written), Durability.REMOTE);
            assertEquals(written + 1, db.watermarks().remote());
        }
    }

    // What was set aside for those who were refused is given back each time.
    @Test
    void shouldCommitNothingAtOnceWithoutRoomAndAllOfItWithRoom() {
        try (HoldfastDb db = open()) {
            store.stall();
            int written = writeUntilFull(db);
            try (ReadView view = db.view()) {
                for (int i = 0; i < 1_000; i++)
                    assertEquals(
                            OptionalLong.empty(),
                            db.writeIfUnchangedAtOnce(view, row(written), null));
                assertEquals(written, db.watermarks().applied());
                store.goOn();
                db.flush();
                db.flushMemtables();
                OptionalLong seq = db.writeIfUnchangedAtOnce(view, row(written), null);
                assertEquals(OptionalLong.of(written + 1), seq);
            }
        }
    }

    @Test
    void shouldMakeRoomForALargeBatchWhenWhatIsActiveLeavesNone() throws InterruptedException {
        // given: one frozen memtable on its way, and a few rows behind it
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(ByteSize.kibibytes(4))
                        .unflushedMax(ByteSize.kibibytes(8))
                        .writeTimeout(Duration.ofSeconds(10))
                        .build();
        try (HoldfastDb db = Engine.open(store, "", settings)) {
            store.stall();
            int rows = 0;
            while (db.stats().frozenMemtables() == 0) db.write(row(rows++), Durability.MEMORY);
            db.write(row(rows++), Durability.MEMORY);
            // when: a batch that has no room beside those rows, nor before they were flushed
            var large = new WriteBatch().put(Bytes.utf8("large"), Bytes.wrap(new byte[5350]));
            Thread writer = Thread.ofPlatform().start(() -> db.write(large, Durability.MEMORY));
            while (writer.getState() != Thread.State.TIMED_WAITING) Thread.yield();
            store.goOn();
            writer.join(Duration.ofSeconds(5));
            // then
            assertEquals(Thread.State.TERMINATED, writer.getState());
            assertEquals(rows + 1, db.watermarks().applied());
        }
    }

    @Test
    @Tag("SRV-02")
    void shouldCloseWithinItsTimeWhenTheStoreIsABlackHole() {
        // given
        HoldfastDb db = open();
        store.stall();
        db.write(row(1), Durability.MEMORY);
        // when
        long start = System.nanoTime();
        ShutdownReport report = db.shutdown(Mode.SMART, Duration.ofSeconds(1));
        long millis = (System.nanoTime() - start) / 1_000_000;
        // then
        assertTrue(millis < 3_000, "took " + millis + " ms");
        assertNotEquals(ExitCode.CLEAN, report.exitCode());
        assertThrows(Unavailable.class, db::close);
        assertThrows(StorageException.Closed.class, () -> db.write(row(2), Durability.MEMORY));
        store.goOn();
    }

    @Test
    void shouldSayUnknownAndNotFailedWhenDurabilityIsNotReachedInTime() {
        // given
        try (HoldfastDb db = open()) {
            store.stall();
            // when
            assertThrows(Unavailable.class, () -> db.write(row(1), Durability.REMOTE));
            // then: it is applied, and becomes durable
            assertEquals(100, db.get(Bytes.utf8("k1")).length());
            store.goOn();
            db.flush();
            assertEquals(1, db.watermarks().remote());
        }
    }

    @Test
    void shouldShareOneReportWhenClosedTwice() {
        HoldfastDb db = open();
        db.write(row(1), Durability.MEMORY);
        ShutdownReport first = db.shutdown(Mode.SMART, Duration.ofSeconds(5));
        assertEquals(ExitCode.CLEAN, first.exitCode(), first.toPage());
        assertEquals(first, db.shutdown(Mode.SMART, Duration.ofSeconds(5)));
        db.close();
    }
}
