package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CompactionFilter;
import dev.holdfast.engine.api.upkeep.CompactionFilter.Decision;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an application drops, keeps and changes as a compaction comes by.
@Timeout(60)
class CompactionFilterTest {
    private static final Settings UNTENDED = Settings.defaults().but().untended().build();

    private final MemoryStore store = new MemoryStore();

    private EngineBuilder builder() {
        return Engine.builder(store, "db").settings(UNTENDED).mergeOperator(TestRow.CONCATENATE);
    }

    private static void put(HoldfastDb db, String... pairs) {
        var batch = new WriteBatch();
        for (String pair : pairs) {
            String[] parts = pair.split("=");
            batch.put(Bytes.utf8(parts[0]), Bytes.utf8(parts[1]));
        }
        db.write(batch, Durability.MEMORY);
        db.flushMemtables();
    }

    private List<String> shown() {
        var pairs = new ArrayList<String>();
        try (var reader = builder().openReader();
                Scan scan = reader.scan(KeyRange.all())) {
            while (scan.next()) pairs.add(scan.key().toUtf8() + "=" + scan.value().toUtf8());
        }
        return pairs;
    }

    private void compact(CompactionSettings.Style style, CompactionFilter.Factory filters)
            throws InterruptedException {
        CompactionSettings all = CompactionSettings.defaults().withStyle(style);
        EngineBuilder compacting =
                builder()
                        .settings(UNTENDED.but().compaction(all).build())
                        .compactionFilter(filters);
        try (StandaloneCompactor compactor = compacting.compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(30));
        }
    }

    @Test
    void shouldDropKeepAndChange() throws InterruptedException {
        try (HoldfastDb db = builder().open()) {
            put(db, "a=1", "b=2", "c=3", "d=4");
            put(db, "a=5", "e=6");
            db.delete(Bytes.utf8("d"));
            db.merge(Bytes.utf8("e"), Bytes.utf8("+"));
            db.flushMemtables();
        }
        Set<String> asked = ConcurrentHashMap.newKeySet();

        compact(
                CompactionSettings.Style.EVERYTHING,
                job ->
                        row -> {
                            assertTrue(job.isBottom() && row.seq() <= job.seqMin());
                            asked.add(row.key().toUtf8() + "=" + row.value().toUtf8());
                            return switch (row.key().toUtf8()) {
                                case "b" -> Decision.DROP;
                                case "c" -> Decision.replaceBy(Bytes.utf8("three"));
                                default -> Decision.KEEP;
                            };
                        });

        assertEquals(Set.of("a=5", "b=2", "c=3", "e=6+"), asked);
        assertEquals(List.of("a=5", "c=three", "e=6+"), shown());
    }

    @Test
    void shouldNotBringBackWhatLiesBeneathWhatItDrops() throws InterruptedException {
        CompactionFilter.Factory none = _ -> _ -> Decision.KEEP;
        try (HoldfastDb db = builder().open()) {
            put(db, "a=1".repeat(1) + "x".repeat(20_000), "b=2");
        }
        compact(CompactionSettings.Style.EVERYTHING, none);
        try (HoldfastDb db = builder().open()) {
            for (int i = 0; i < 4; i++) put(db, "a=new" + i, "c=" + i);
        }

        compact(
                CompactionSettings.Style.TIERED,
                _ ->
                        row ->
                                row.key().equals(Bytes.utf8("a"))
                                                && row.value().toUtf8().startsWith("new")
                                        ? Decision.DROP
                                        : Decision.KEEP);

        assertEquals(List.of("b=2", "c=3"), shown());
    }

    @Test
    void shouldLeaveTheSourcesAloneWhereItFails() throws InterruptedException {
        try (HoldfastDb db = builder().open()) {
            put(db, "a=1", "b=2");
            put(db, "c=3");
        }
        CompactionFilter.Factory broken =
                _ ->
                        row -> {
                            if (row.key().equals(Bytes.utf8("b")))
                                throw new IllegalStateException("broken");
                            return Decision.DROP;
                        };

        assertThrows(
                StorageException.class, () -> compact(CompactionSettings.Style.EVERYTHING, broken));

        assertEquals(List.of("a=1", "b=2", "c=3"), shown());
        assertTrue(Engine.fsck(store, "db").isSound());
    }
}
