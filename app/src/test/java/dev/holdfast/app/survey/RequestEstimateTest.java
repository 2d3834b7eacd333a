package dev.holdfast.app.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is foretold beside what a store is asked. The settings are the usual ones at a 64th.
@Timeout(120)
class RequestEstimateTest {
    private static final int ROWS = 16 << 10;
    private static final int VALUE_BYTES = 1 << 10;
    private static final int LOOKUPS = 1000;
    private static final double WITHIN = 0.5; // of what it comes to
    private static final Settings SMALL =
            Settings.defaults()
                    .but()
                    .walSizeMax(ByteSize.kibibytes(256))
                    .l0SstSize(ByteSize.mebibytes(1))
                    .unflushedMax(ByteSize.mebibytes(4))
                    .flushInterval(Duration.ofMinutes(10))
                    .compaction(CompactionSettings.off().withTableSize(ByteSize.mebibytes(1)))
                    .build();

    private final CountingStore store = new CountingStore();

    @Test
    void shouldForeseeTheRequestsOfAStreamOfWritesAndOfLookups() throws InterruptedException {
        long written;
        try (HoldfastDb db = Engine.open(store, "db", SMALL)) {
            written = fill(db);
            DbStats stats = db.stats();
            assertForeseen(2.0, written, stats.walBytes() + stats.flushes().bytes());
        }
        long puts = puts();
        long gets = gets();
        merge();
        RequestEstimate merged = RequestEstimate.of(SMALL, 3, written);
        RequestEstimate flushed = RequestEstimate.of(SMALL, 2, written);
        assertNear(merged.puts() - flushed.puts(), puts() - puts);
        assertNear(merged.gets() - flushed.gets(), gets() - gets);
        assertForeseesLookups();
    }

    private void assertForeseen(double times, long written, long sent) {
        RequestEstimate estimate = RequestEstimate.of(SMALL, times, written);
        assertNear(estimate.puts(), puts());
        assertNear(estimate.bytes(), sent);
    }

    private static void assertNear(long foreseen, long seen) {
        assertEquals(1, foreseen / (double) seen, WITHIN, foreseen + " foreseen, seen " + seen);
    }

    private long puts() {
        return store.calls(Operation.PUT) + store.calls(Operation.PUT_IF_ABSENT);
    }

    private long gets() {
        return store.calls(Operation.GET);
    }

    private static Bytes key(int row) {
        return Bytes.utf8("key%08d".formatted(row * 7919 % ROWS));
    }

    private static long fill(HoldfastDb db) {
        var random = new Random(1);
        long bytes = 0;
        for (int i = 0; i < ROWS; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            db.write(new WriteBatch().put(key(i), Bytes.wrap(value)), Durability.MEMORY);
            bytes += key(i).length() + value.length;
        }
        db.flushMemtables();
        return bytes;
    }

    private void merge() throws InterruptedException {
        CompactionSettings all = SMALL.compaction().withStyle(Style.EVERYTHING);
        Settings merging = SMALL.but().compaction(all).build();
        try (var compactor = Engine.builder(store, "db").settings(merging).compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofMinutes(1));
        }
    }

    private void assertForeseesLookups() {
        Settings uncached = SMALL.but().blockCacheSize(ByteSize.mebibytes(2)).build();
        try (HoldfastDb db = Engine.open(store, "db", uncached)) {
            var random = new Random(2);
            for (int i = 0; i < LOOKUPS; i++) assertNotNull(db.get(key(random.nextInt(ROWS))));
            long before = gets();
            for (int i = 0; i < LOOKUPS; i++) assertNotNull(db.get(key(random.nextInt(ROWS))));
            assertNear(RequestEstimate.getsOf(LOOKUPS, 1), gets() - before);
        }
    }
}
