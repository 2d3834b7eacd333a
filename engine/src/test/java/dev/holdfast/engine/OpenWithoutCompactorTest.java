package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.SettingsBuilder;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Opening does not wait for a compactor, whatever that one does or leaves undone.
class OpenWithoutCompactorTest {
    private static final int TABLES_MAX = 2;
    private static final int TABLES = 6;
    private static final int COMMITS = 60;
    private static final Duration BOUND = Duration.ofSeconds(4); // one table alone waits for longer

    private final MemoryStore store = new MemoryStore();

    /// The store, whose bulk reads, those of a compactor, get no answer until it is closed.
    private static final class DeafToCompactors extends ForwardingStore {
        private final CountDownLatch closed = new CountDownLatch(1);

        DeafToCompactors(ObjectStore inner) {
            super(inner);
        }

        @Override
        public ObjectStore forBulkReads() {
            return new ForwardingStore(inner) {
                @Override
                public Bytes get(String name, long offset, int length) {
                    awaitClose();
                    return super.get(name, offset, length);
                }
            };
        }

        private void awaitClose() {
            try {
                if (!closed.await(1, TimeUnit.MINUTES)) throw new AssertionError("never closed");
            } catch (InterruptedException cut) {
                throw new AssertionError(cut);
            }
        }
    }

    private static SettingsBuilder tiny() {
        return Settings.defaults()
                .but()
                .l0SstSize(ByteSize.kibibytes(4))
                .unflushedMax(ByteSize.kibibytes(8))
                .l0TablesMax(TABLES_MAX)
                .collectionInterval(Duration.ZERO)
                .compaction(CompactionSettings.off());
    }

    private static WriteBatch row(int number) {
        return new WriteBatch().put(Bytes.utf8("k" + number), Bytes.wrap(new byte[1000]));
    }

    @Test
    void shouldOpenAtOnceWithMoreTablesThanThereShouldBeAndALogThatFillsManyMore() {
        // given: tables up to the limit, and a log of many memtables
        try (HoldfastDb db = Engine.open(store, "", tiny().build())) {
            for (int i = 0; i < TABLES; i++) {
                db.write(row(i), Durability.MEMORY);
                db.flushMemtables();
            }
        }
        Settings roomy =
                tiny().l0SstSize(ByteSize.mebibytes(4)).unflushedMax(ByteSize.mebibytes(8)).build();
        HoldfastDb died = Engine.open(store, "", roomy);
        for (int i = 0; i < COMMITS; i++) died.write(row(i), Durability.MEMORY);
        died.flush();
        died.shutdown(Mode.IMMEDIATE, Duration.ofSeconds(1));
        // when
        var deaf = new DeafToCompactors(store);
        Settings compacting = tiny().compaction(CompactionSettings.defaults()).build();
        long start = System.nanoTime();
        try (HoldfastDb db = Engine.open(deaf, "", compacting)) {
            // then
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(BOUND) < 0, took.toString());
            assertTrue(TABLES < db.stats().l0Ssts(), db.stats().toString());
            assertEquals(1000, db.get(Bytes.utf8("k" + (COMMITS - 1))).length());
            deaf.closed.countDown();
        }
    }
}
