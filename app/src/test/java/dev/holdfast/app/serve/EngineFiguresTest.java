package dev.holdfast.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Figures of log, tables, memory, compaction and collection: each moves when what it counts does.
@Timeout(120)
class EngineFiguresTest {
    private static final String EXPIRED =
            "holdfast_compaction_rows_dropped_total{reason=\"expired\"}";
    private static final String COLLECTED = "holdfast_collected_objects_total{kind=\"log\"}";

    private final MemoryStore store = new MemoryStore();

    private static Bytes key(int i) {
        return Bytes.utf8("key%05d".formatted(i));
    }

    private static WriteBatch row(int i) {
        return new WriteBatch().put(key(i), Bytes.wrap(new byte[100]));
    }

    private static Map<String, Double> figures(Db db) {
        var text = new MetricsText();
        text.add(db.stats());
        Map<String, Double> figures = new TreeMap<>();
        for (String line : text.toString().lines().toList()) {
            int blank = line.lastIndexOf(' ');
            if (!line.startsWith("#"))
                figures.put(line.substring(0, blank), Double.valueOf(line.substring(blank)));
        }
        return figures;
    }

    private static Map<String, Double> awaited(Db db, Predicate<Map<String, Double>> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Map<String, Double> figures = figures(db);
        while (!wanted.test(figures) && System.nanoTime() < end) figures = figures(db);
        assertTrue(wanted.test(figures), figures::toString);
        return figures;
    }

    @Test
    void shouldTellOfLogTablesAndBlocks() {
        Settings untended = Settings.defaults().but().untended().build();
        try (HoldfastDb db = Engine.builder(store, "db").settings(untended).open()) {
            for (int i = 0; i < 20; i++) db.write(row(i), Durability.REMOTE);
            Map<String, Double> logged = figures(db);
            assertEquals(20, logged.get("holdfast_seq_applied"));
            assertEquals(20, logged.get("holdfast_wal_puts_total"));
            assertTrue(2_000 < logged.get("holdfast_wal_bytes_total"), logged::toString);
            assertTrue(2_000 < logged.get("holdfast_memtable_bytes"));
            assertTrue(2_000 < logged.get("holdfast_memory_held_bytes{use=\"memtables\"}"));
            assertTrue(logged.containsKey("holdfast_memory_held_bytes{use=\"log\"}"));
            assertEquals(0, logged.get("holdfast_l0_ssts"));

            db.flushMemtables();
            db.get(key(7));
            db.get(key(7));
            Map<String, Double> flushed = figures(db);
            assertEquals(1, flushed.get("holdfast_l0_ssts"));
            assertEquals(0, flushed.get("holdfast_sorted_runs"));
            assertEquals(1, flushed.get("holdfast_l0_flushes_total"));
            assertTrue(2_000 < flushed.get("holdfast_l0_bytes_total"), flushed::toString);
            assertTrue(2_000 < flushed.get("holdfast_sst_bytes"));
            assertTrue(flushed.get("holdfast_memtable_bytes") < 2_000);
            assertEquals(0, flushed.get("holdfast_frozen_memtables"));
            assertTrue(0 < flushed.get("holdfast_block_cache_misses_total"));
            assertTrue(0 < flushed.get("holdfast_block_cache_hits_total"));
            assertTrue(0 < flushed.get("holdfast_block_cache_bytes"));
        }
    }

    /// A store that takes no tables while it is shut.
    private final class Shut extends ForwardingStore {
        private volatile boolean isShut = true;

        Shut() {
            super(store);
        }

        @Override
        public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
            if (isShut && name.contains("/compacted/"))
                throw new ObjectStoreException.Unavailable("shut", null);
            return super.putIfAbsent(name, parts, putId);
        }

        @Override
        public PutResult put(String name, List<Bytes> parts) {
            if (isShut && name.contains("/compacted/"))
                throw new ObjectStoreException.Unavailable("shut", null);
            return super.put(name, parts);
        }
    }

    @Test
    void shouldTellOfWritersAndFlushesThatAreHeldUp() {
        var shut = new Shut();
        Settings tight =
                Settings.defaults()
                        .but()
                        .untended()
                        .l0SstSize(ByteSize.kibibytes(4))
                        .unflushedMax(ByteSize.kibibytes(8))
                        .writeTimeout(Duration.ofMillis(300))
                        .build();
        try (HoldfastDb db = Engine.builder(shut, "db").settings(tight).open()) {
            assertThrows(
                    Unavailable.class,
                    () -> {
                        for (int i = 0; i < 1_000; i++) db.write(row(i), Durability.MEMORY);
                    });
            Map<String, Double> held = figures(db);
            assertTrue(1 <= held.get("holdfast_frozen_memtables"), held::toString);
            assertTrue(1 <= held.get("holdfast_write_stalls_total{reason=\"own_limit\"}"));
            assertTrue(0.2 <= held.get("holdfast_write_stall_seconds_total{reason=\"own_limit\"}"));
            shut.isShut = false;
        }
    }

    @Test
    void shouldTellOfCompactionsAndCollections() {
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0TablesMax(4)
                        .collectionInterval(Duration.ofMillis(20))
                        .collectionMinAge(Duration.ofMillis(1))
                        .build();
        try (HoldfastDb db = Engine.builder(store, "db").settings(settings).open()) {
            for (int i = 0; figures(db).get("holdfast_l0_flush_waits_total") == 0; i++) {
                assertTrue(i < 2_000, () -> figures(db).toString());
                var brief =
                        new WriteBatch()
                                .put(key(i), Bytes.EMPTY, Expiry.after(Duration.ofMillis(1)));
                db.write(brief, Durability.MEMORY);
                db.flushMemtables();
            }
            Map<String, Double> figures =
                    awaited(db, now -> 0 < now.get(EXPIRED) && 0 < now.get(COLLECTED));
            assertTrue(0 < figures.get("holdfast_l0_flush_wait_seconds_total"));
            assertTrue(0 < figures.get("holdfast_compactions_total"));
            assertTrue(figures.containsKey("holdfast_compactions_running"));
            assertEquals(0, figures.get("holdfast_compactor_fenced_total"));
            assertTrue(0 < figures.get("holdfast_compaction_bytes_read_total"));
            assertTrue(0 < figures.get("holdfast_compaction_bytes_written_total"));
            assertTrue(0 < figures.get("holdfast_collections_total"));
            assertTrue(0 < figures.get("holdfast_collected_bytes_total{kind=\"log\"}"));
        }
    }
}
