package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Databases that share one memory far smaller than what each of them alone would take.
class SharedMemoryTest {
    private static final int DATABASES = 20;
    private static final int ROWS = 600;

    private final EngineMemory memory = new EngineMemory(ByteSize.mebibytes(1));
    private final MemoryStore store = new MemoryStore();
    private final List<HoldfastDb> databases = new ArrayList<>();

    @AfterEach
    void close() {
        databases.forEach(HoldfastDb::close);
        assertEquals(0, memory.usage().total());
    }

    private void open(int count) {
        for (int i = 0; i < count; i++)
            databases.add(
                    Engine.builder(store, "db" + i)
                            .settings(Settings.defaults())
                            .memory(memory)
                            .open());
    }

    private static Bytes key(int number) {
        return Bytes.wrap("key%06d".formatted(number).getBytes(StandardCharsets.UTF_8));
    }

    private static void put(HoldfastDb db, int number) {
        db.write(new WriteBatch().put(key(number), Bytes.wrap(new byte[1024])), Durability.MEMORY);
    }

    @Test
    void shouldKeepAllWritersGoingThoughNoMemtableEverFills() throws Exception {
        // given
        open(DATABASES);
        var most = new AtomicLong();
        // when
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (HoldfastDb db : databases)
                done.add(
                        writers.submit(() -> {
                            for (int i = 0; i < ROWS; i++) {
                                put(db, i);
                                most.accumulateAndGet(memory.usage().memtables(), Math::max);
                            }
                        }));
            for (Future<?> writer : done) writer.get(60, TimeUnit.SECONDS);
        }
        // then
        for (HoldfastDb db : databases) assertEquals(ROWS, count(db));
        assertTrue(most.get() <= memory.usage().limit(), "most=" + most);
    }

    @Test
    void shouldAskIdleDatabasesForRoom() {
        // given
        open(4);
        HoldfastDb busy = databases.getFirst();
        for (HoldfastDb idle : databases.subList(1, 4)) for (int i = 0; i < 220; i++) put(idle, i);
        // when
        for (int i = 0; i < ROWS; i++) put(busy, i);
        // then
        assertEquals(ROWS, count(busy));
        long flushes =
                databases.stream().skip(1).mapToLong(db -> db.stats().flushes().count()).sum();
        assertTrue(0 < flushes, "no idle database made room");
    }

    /// What a compactor had read is no longer in the ring; what it had asked for ahead may come
    /// later.
    @Test
    @Timeout(30)
    void shouldGiveBackWhatACompactorHasRead() throws InterruptedException {
        // given
        var ample = new EngineMemory(ByteSize.mebibytes(64));
        Settings compacting =
                Settings.defaults().but().compaction(CompactionSettings.defaults()).build();
        try (HoldfastDb db =
                Engine.builder(store, "compacted").settings(compacting).memory(ample).open()) {
            // when
            for (int table = 0; db.stats().sortedRuns() == 0; table++) {
                for (int i = 0; i < 50; i++) put(db, table % 10 * 50 + i);
                db.flushMemtables();
            }
        }
        // then
        while (ample.usage().total() != 0) Env.system().sleep(Duration.ofMillis(1));
    }

    @Test
    void shouldGiveItsPartBackWhenADatabaseCloses() {
        // given
        open(2);
        for (HoldfastDb db : databases) {
            for (int i = 0; i < 100; i++) put(db, i);
            db.flushMemtables();
            assertEquals(100, count(db));
        }
        EngineMemory.Usage before = memory.usage();
        long ofFirst = databases.getFirst().stats().blocks().bytes();
        // when
        databases.removeFirst().close();
        // then
        assertTrue(0 < ofFirst && ofFirst < before.blocks(), before.toString());
        assertEquals(before.blocks() - ofFirst, memory.usage().blocks());
        assertEquals(memory.usage().blocks(), databases.getFirst().stats().blocks().bytes());
    }

    private static int count(HoldfastDb db) {
        int count = 0;
        try (Scan scan = db.scan(KeyRange.all(), Order.ASCENDING)) {
            while (scan.next()) count++;
        }
        return count;
    }
}
