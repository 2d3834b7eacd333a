package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Reads.Row;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Scan.Options.Blocks;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What can be said of rows as they are written, and asked of them as they are read.
@Timeout(60)
class RowOptionsTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final Bytes C = Bytes.utf8("c");

    private final MemoryStore store = new MemoryStore();
    private final StallingStore stalling = new StallingStore(store);
    private final MovableClock clock = new MovableClock(1000);

    private EngineBuilder builder() {
        Settings settings =
                Settings.defaults().but().untended().writeTimeout(Duration.ofSeconds(20)).build();
        return Engine.builder(stalling, "db").settings(settings).env(clock);
    }

    private static Bytes value(String text) {
        return Bytes.utf8(text);
    }

    private static List<String> pairs(Scan scan) {
        var pairs = new ArrayList<String>();
        try (scan) {
            while (scan.next()) pairs.add(scan.key().toUtf8() + "=" + scan.value().toUtf8());
        }
        return pairs;
    }

    private static void write(Db db, WriteBatch batch) {
        db.write(batch, Durability.MEMORY);
    }

    @Test
    void shouldLetRowsEndAsTheySayOrAsTheSettingsDo() {
        var rows = Settings.Rows.defaults().withDefaultTtl(Duration.ofMillis(100));
        Settings settings = Settings.defaults().but().untended().rows(rows).build();
        try (HoldfastDb db = builder().settings(settings).open()) {
            write(db, new WriteBatch().put(Bytes.utf8("usual"), value("1")));
            write(db, new WriteBatch().put(Bytes.utf8("never"), value("2"), Expiry.never()));
            write(db, new WriteBatch().put(Bytes.utf8("at"), value("3"), Expiry.atMillis(1050)));
            Expiry after = Expiry.after(Duration.ofMillis(200));
            write(db, new WriteBatch().put(Bytes.utf8("after"), value("4"), after));

            assertEquals(
                    List.of("after=4", "at=3", "never=2", "usual=1"),
                    pairs(db.scan(KeyRange.all())));
            clock.advance(50);
            db.flushMemtables();
            assertEquals(List.of("after=4", "never=2", "usual=1"), pairs(db.scan(KeyRange.all())));
            clock.advance(50);
            assertEquals(List.of("after=4", "never=2"), pairs(db.scan(KeyRange.all())));
            clock.advance(100);
            assertEquals(List.of("never=2"), pairs(db.scan(KeyRange.all())));
            assertNull(db.get(Bytes.utf8("usual")));
            var shown = Reads.Options.defaults().withExpired(Reads.Options.Expired.SHOWN);
            assertEquals(value("1"), db.get(Bytes.utf8("usual"), shown));
        }
    }

    @Test
    void shouldNotBringBackWhatAnExpiredRowHasReplaced() {
        try (HoldfastDb db = builder().open()) {
            write(db, new WriteBatch().put(A, value("old")));
            write(db, new WriteBatch().put(A, value("new"), Expiry.atMillis(1010)));
            write(db, new WriteBatch().put(B, value("short"), Expiry.atMillis(1010)));
            write(db, new WriteBatch().put(B, value("long")));

            clock.advance(10);

            assertEquals(List.of("b=long"), pairs(db.scan(KeyRange.all())));
        }
    }

    @Test
    void shouldTellWhatIsKnownOfAPair() {
        try (HoldfastDb db = builder().mergeOperator(TestRow.CONCATENATE).open()) {
            write(db, new WriteBatch().put(A, value("1"), Expiry.atMillis(5000)));
            clock.advance(7);
            write(db, new WriteBatch().merge(A, value("2"), Expiry.atMillis(4000)));
            write(db, new WriteBatch().put(B, value("3")));

            for (int flushed = 0; flushed < 2; flushed++) {
                Row merged =
                        new Row(
                                A,
                                value("12"),
                                2,
                                Instant.ofEpochMilli(1007),
                                Instant.ofEpochMilli(4000));
                Row plain = new Row(B, value("3"), 3, Instant.ofEpochMilli(1007), null);
                assertEquals(merged, db.row(A));
                assertEquals(plain, db.row(B));
                assertNull(db.row(Bytes.utf8("none")));
                for (Order order : Order.values()) {
                    var rows = new ArrayList<Row>();
                    try (Scan scan = db.scan(KeyRange.all(), order)) {
                        while (scan.next()) rows.add(scan.row());
                    }
                    assertEquals(
                            order == Order.ASCENDING
                                    ? List.of(merged, plain)
                                    : List.of(plain, merged),
                            rows);
                }
                db.flushMemtables();
            }
        }
    }

    @Test
    void shouldShowOnlyWhatIsDurableWhenAsked() throws InterruptedException {
        Settings slow =
                Settings.defaults().but().untended().flushInterval(Duration.ofHours(1)).build();
        try (HoldfastDb db = builder().settings(slow).open()) {
            var durable = Reads.Options.defaults().withDurability(Durability.REMOTE);
            long first = db.put(A, value("durable"));
            write(db, new WriteBatch().put(A, value("applied")).put(B, value("applied")));

            assertEquals(value("applied"), db.get(A));
            assertEquals(value("durable"), db.get(A, durable));
            Row row = db.row(A, durable);
            assertNotNull(row);
            assertEquals(first, row.seq());
            var options = Scan.Options.defaults().withReads(durable);
            assertEquals(List.of("a=durable"), pairs(db.scan(KeyRange.all(), options)));
            db.flush();
            assertEquals(
                    List.of("a=applied", "b=applied"), pairs(db.scan(KeyRange.all(), options)));
        }
    }

    @Test
    void shouldScanAsTheOptionsSay() {
        try (HoldfastDb db = builder().open()) {
            long middle = 0;
            for (int i = 0; i < 500; i++) {
                middle = i == 249 ? db.watermarks().applied() : middle;
                write(db, new WriteBatch().put(Bytes.utf8("k%03d".formatted(i)), value("v" + i)));
                if (i % 100 == 50) db.flushMemtables();
            }
            var all = Scan.Options.defaults();
            List<String> expected = pairs(db.scan(KeyRange.all()));

            assertEquals(500, expected.size());
            assertEquals(
                    expected.subList(0, 7), pairs(db.scan(KeyRange.all(), all.withRowsMax(7))));
            assertEquals(
                    expected.reversed().subList(0, 3),
                    pairs(db.scan(KeyRange.all(), all.withOrder(Order.DESCENDING).withRowsMax(3))));
            // Four bytes of key and two of value each.
            assertEquals(
                    expected.subList(0, 2), pairs(db.scan(KeyRange.all(), all.withBytesMax(7))));
            assertEquals(
                    expected.subList(249, 500),
                    pairs(db.scan(KeyRange.all(), all.withNewerThan(middle))));
            assertEquals(
                    expected.subList(249, 500).reversed(),
                    pairs(
                            db.scan(
                                    KeyRange.all(),
                                    all.withOrder(Order.DESCENDING).withNewerThan(middle))));
            KeyRange within =
                    KeyRange.within(
                            Bytes.utf8("k1"), KeyRange.of(Bytes.utf8("05"), Bytes.utf8("1")));
            assertEquals(expected.subList(105, 110), pairs(db.scan(within)));
            for (Blocks blocks : Blocks.values())
                for (long ahead : new long[] {0, 1, 5000, 1 << 20})
                    for (int fetches : new int[] {1, 16})
                        assertEquals(
                                expected,
                                pairs(
                                        db.scan(
                                                KeyRange.all(),
                                                all.withBlocks(blocks)
                                                        .withReadAhead(ByteSize.bytes(ahead))
                                                        .withFetchesMax(fetches))));
        }
    }

    @Test
    void shouldLeaveTheCacheAloneWhenToldTo() {
        try (HoldfastDb db = builder().open()) {
            var batch = new WriteBatch();
            for (int i = 0; i < 5000; i++)
                batch.put(Bytes.utf8("k%05d".formatted(i)), value("v" + i));
            db.write(batch, Durability.REMOTE);
            db.flushMemtables();
            var passed = Scan.Options.defaults().withBlocks(Blocks.PASSED);

            assertEquals(5000, pairs(db.scan(KeyRange.all(), passed)).size());
            long left = db.stats().blocks().bytes();
            assertEquals(
                    5000, pairs(db.scan(KeyRange.all(), passed.withBlocks(Blocks.KEPT))).size());

            // The index stays either way.
            long kept = db.stats().blocks().bytes() - left;
            org.junit.jupiter.api.Assertions.assertTrue(50_000 < kept, "kept=" + kept);
            org.junit.jupiter.api.Assertions.assertTrue(left < 20_000, "left=" + left);
        }
    }

    @Test
    void shouldWalkFromTheNewestSourceToTheOldest() {
        try (HoldfastDb db = builder().mergeOperator(TestRow.CONCATENATE).open()) {
            write(db, new WriteBatch().put(A, value("1")).put(B, value("1")).put(C, value("1")));
            db.flushMemtables();
            write(db, new WriteBatch().merge(A, value("2")).delete(B));
            db.flushMemtables();
            write(db, new WriteBatch().put(A, value("3")).put(C, value("3")));

            assertEquals(
                    List.of(
                            "VALUE a=3 at 3",
                            "OPERAND a=2 at 2",
                            "REMOVAL b= at 2",
                            "VALUE a=1 at 1",
                            "VALUE b=1 at 1"),
                    versions(db.versions(KeyRange.of(A, C))));
            assertEquals(List.of(), versions(db.versions(KeyRange.of(B, B))));
        }
    }

    private static List<String> versions(Scan.Versions rows) {
        var all = new ArrayList<String>();
        try (rows) {
            while (rows.next()) {
                Row row = rows.row();
                String pair = row.key().toUtf8() + "=" + row.value().toUtf8();
                all.add(rows.kind() + " " + pair + " at " + row.seq());
            }
        }
        return all;
    }

    @Test
    void shouldGetManyAtOnceInTheirOrder() {
        try (HoldfastDb db = builder().open()) {
            var batch = new WriteBatch();
            for (int i = 0; i < 1000; i += 2) batch.put(Bytes.utf8("k" + i), value("v" + i));
            write(db, batch);
            db.flushMemtables();
            var keys = new ArrayList<Bytes>();
            var expected = new ArrayList<Object>();
            for (int i = 999; 0 <= i; i--) {
                keys.add(Bytes.utf8("k" + i));
                expected.add(i % 2 == 0 ? value("v" + i) : null);
            }

            assertEquals(expected, db.multiGet(keys));
            assertThrows(Invalid.class, () -> db.multiGet(List.of(A, Bytes.EMPTY)));
        }
    }

    @Test
    void shouldKeepWhatASnapshotShowsThroughFlushAndCompaction() throws InterruptedException {
        try (HoldfastDb db = builder().mergeOperator(TestRow.CONCATENATE).open()) {
            write(db, new WriteBatch().put(A, value("1")).merge(B, value("x")));
            Db.Snapshot snapshot = db.snapshot("test", Duration.ofMinutes(10));
            for (int i = 2; i < 6; i++) {
                write(db, new WriteBatch().put(A, value("" + i)).merge(B, value("y")));
                db.flushMemtables();
            }
            compactAll();
            db.put(Bytes.utf8("c"), value("poll"));
            db.flushMemtables();

            assertEquals(List.of("a=1", "b=x"), pairs(snapshot.scan(KeyRange.all())));
            assertEquals(value("1"), snapshot.get(A));
            assertEquals(value("xyyyy"), db.get(B));
            assertEquals("test", db.stats().snapshots().oldestName());
            assertEquals(1, db.stats().snapshots().oldestSeq());
            snapshot.close();
            assertEquals(0, db.stats().snapshots().count());
            assertThrows(Closed.class, () -> snapshot.get(A));
        }
    }

    private void compactAll() throws InterruptedException {
        Settings settings = Settings.defaults();
        var all =
                settings.compaction()
                        .withStyle(dev.holdfast.engine.api.CompactionSettings.Style.EVERYTHING);
        EngineBuilder compacting =
                Engine.builder(store, "db")
                        .settings(settings.but().compaction(all).build())
                        .mergeOperator(TestRow.CONCATENATE)
                        .env(clock);
        try (StandaloneCompactor compactor = compacting.compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(30));
        }
    }

    @Test
    void shouldShowThePastOnlyWhereItIsWhole() {
        try (HoldfastDb db = builder().open()) {
            long first = db.put(A, value("1"));
            db.put(A, value("2"));

            try (Db.Snapshot past = db.snapshotAt(first, "past", Duration.ofMinutes(1))) {
                db.flushMemtables();
                assertEquals(value("1"), past.get(A));
                try (Db.Snapshot again = db.snapshotAt(first, "again", Duration.ofMinutes(1))) {
                    assertEquals(value("1"), again.get(A));
                }
            }
            db.put(A, value("3"));
            db.flushMemtables();

            Duration minute = Duration.ofMinutes(1);
            assertThrows(Invalid.class, () -> db.snapshotAt(first, "too old", minute));
            assertThrows(Invalid.class, () -> db.snapshotAt(99, "not yet", minute));
            assertThrows(Invalid.class, () -> db.snapshot("too long", Duration.ofDays(9)));
        }
    }

    @Test
    void shouldBoundSnapshots() {
        var rows = new Settings.Rows(Duration.ZERO, Duration.ofMinutes(1), 2);
        Settings settings = Settings.defaults().but().untended().rows(rows).build();
        try (HoldfastDb db = builder().settings(settings).open()) {
            db.put(A, value("1"));
            Db.Snapshot short1 = db.snapshot("1", Duration.ofNanos(1));
            assertThrows(Closed.class, () -> short1.get(A));
            db.snapshot("2", Duration.ofMinutes(1));
            db.snapshot("3", Duration.ofMinutes(1));

            assertThrows(Unavailable.class, () -> db.snapshot("4", Duration.ofMinutes(1)));
        }
    }

    @Test
    void shouldCommitAtTheNumberAndTimeOfTheCaller() {
        var options = WriteBatch.Options.of(Durability.REMOTE);
        try (HoldfastDb db = builder().open()) {
            var batch = new WriteBatch().put(A, value("1"), Expiry.after(Duration.ofMillis(500)));
            Instant before = Instant.ofEpochMilli(800);

            WriteBatch.Committed committed =
                    db.commit(batch, options.withSeq(70).withCreatedAt(before));

            assertEquals(new WriteBatch.Committed(70, before), committed);
            assertEquals(new Row(A, value("1"), 70, before, Instant.ofEpochMilli(1300)), db.row(A));
            assertThrows(Invalid.class, () -> db.commit(batch, options.withSeq(70)));
            Instant ahead = Instant.ofEpochMilli(1001);
            assertThrows(Invalid.class, () -> db.commit(batch, options.withCreatedAt(ahead)));
            assertEquals(71, db.put(B, value("2")));
            db.commit(new WriteBatch().put(B, value("3")), options.withSeq(1000));
        }
        try (HoldfastDb db = builder().open()) {
            assertEquals(List.of("a=1", "b=3"), pairs(db.scan(KeyRange.all())));
            assertEquals(1001, db.put(B, value("4")));
        }
        try (var reader = builder().openReader()) {
            assertEquals(value("4"), reader.get(B));
        }
    }

    @Test
    void shouldTellByAFutureThatACommitIsDurable() {
        try (HoldfastDb db = builder().open()) {
            var options = WriteBatch.Options.of(Durability.REMOTE);
            var futures = new ArrayList<java.util.concurrent.CompletableFuture<Long>>();
            for (int i = 0; i < 200; i++)
                futures.add(
                        db.commitAsync(new WriteBatch().put(A, value("" + i)), options)
                                .thenApply(WriteBatch.Committed::seq));

            for (int i = 0; i < 200; i++) assertEquals(i + 1, futures.get(i).join());

            assertEquals(200, db.watermarks().remote());
            var merge = new WriteBatch().merge(A, value("x"));
            assertThrows(
                    java.util.concurrent.CompletionException.class,
                    () -> db.commitAsync(merge, options).join());
        }
    }

    @Test
    void shouldWriteNothingOfABatchThatItCannotMerge() {
        try (HoldfastDb db = builder().open()) {
            var batch = new WriteBatch().put(A, value("1")).merge(B, value("2"));

            assertThrows(Invalid.class, () -> db.write(batch, Durability.MEMORY));
            assertThrows(Invalid.class, () -> db.merge(A, value("2")));

            assertEquals(0, db.watermarks().applied());
            assertNull(db.get(A));
        }
    }

    @Test
    void shouldTellWhatTheOperatorFailedAt() {
        var cause = new IllegalStateException("broken");
        try (HoldfastDb db =
                builder()
                        .mergeOperator((key, existing, operands) -> {
                            throw cause;
                        })
                        .open()) {
            write(db, new WriteBatch().merge(A, value("1")));
            db.flushMemtables();
            write(db, new WriteBatch().merge(A, value("2")).put(B, value("3")));

            assertEquals(cause, assertThrows(Invalid.class, () -> db.get(A)).getCause());
            assertThrows(Invalid.class, () -> pairs(db.scan(KeyRange.all())));
            var twice = new WriteBatch().merge(B, value("1")).merge(B, value("2"));
            assertThrows(Invalid.class, () -> write(db, twice));
            assertEquals(value("3"), db.get(B));
        }
    }
}
