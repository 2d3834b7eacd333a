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
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Opening does not wait for a compactor, whatever that one does or leaves undone.
class OpenWithoutCompactorTest {
    private static final int TABLES_MAX = 2;
    private static final int COMMITS = 60;
    private static final Duration BOUND = Duration.ofSeconds(4); // one table alone waits for longer

    private final MemoryStore store = new MemoryStore();

    private static SettingsBuilder tiny() {
        return Settings.defaults()
                .but()
                .l0SstSize(ByteSize.kibibytes(4))
                .unflushedMax(ByteSize.kibibytes(8))
                .l0TablesMax(TABLES_MAX);
    }

    // Asked to compact, and never finding enough to compact.
    private static Settings behindAnIdleCompactor() {
        CompactionSettings tiered = CompactionSettings.defaults();
        return tiny().compaction(
                        new CompactionSettings(
                                tiered.style(),
                                1000,
                                1000,
                                tiered.sizeRatio(),
                                tiered.tableSize(),
                                tiered.jobsMax(),
                                tiered.partsMax(),
                                tiered.pollInterval(),
                                tiered.workers()))
                .build();
    }

    private static WriteBatch row(int number) {
        return new WriteBatch().put(Bytes.utf8("k" + number), Bytes.wrap(new byte[1000]));
    }

    @Test
    void shouldOpenAtOnceWithMoreTablesThanThereShouldBeAndALogThatFillsManyMore() {
        // given: tables up to the limit, and a log of many memtables
        try (HoldfastDb db = Engine.open(store, "", tiny().build())) {
            for (int i = 0; i < TABLES_MAX; i++) {
                db.write(row(i), Durability.MEMORY);
                db.flushMemtables();
            }
        }
        Settings roomy = Settings.defaults().but().l0SstSize(ByteSize.mebibytes(4)).build();
        HoldfastDb died = Engine.open(store, "", roomy);
        for (int i = 0; i < COMMITS; i++) died.write(row(i), Durability.MEMORY);
        died.flush();
        died.shutdown(Mode.IMMEDIATE, Duration.ofSeconds(1));
        // when
        long start = System.nanoTime();
        try (HoldfastDb db = Engine.open(store, "", behindAnIdleCompactor())) {
            // then
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(BOUND) < 0, took.toString());
            assertTrue(TABLES_MAX < db.stats().l0Ssts(), db.stats().toString());
            assertEquals(1000, db.get(Bytes.utf8("k" + (COMMITS - 1))).length());
        }
    }
}
