package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.CursorContract;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemtableTest implements CursorContract {
    @Override
    public RowCursor cursorOver(List<TestRow> rows, Order order) {
        return filled(rows).cursor(order);
    }

    private static Memtable filled(List<TestRow> rows) {
        // One that expects keys that begin with k004: many here do not.
        var earlier = new Memtable();
        for (String key : List.of("k0040", "k0045"))
            earlier.apply(new WriteBatch().put(Bytes.utf8(key), Bytes.EMPTY).cursor(), 1, 0);
        Memtable memtable = earlier.next();
        for (TestRow row : rows) {
            var one = new RowList(List.of(row), Order.ASCENDING);
            one.next();
            memtable.add(one);
        }
        return memtable;
    }

    @Test
    void shouldFindTheNewestRowUpToASequenceNumber() {
        Seeds.fresh(20)
                .forEach(seed -> {
                    var random = new Random(seed);
                    List<TestRow> rows = someRows(random);
                    Memtable memtable = filled(rows);

                    for (int i = 0; i < 500; i++) {
                        Bytes key = Bytes.utf8("k%04d".formatted(random.nextInt(220)));
                        long seqMax = random.nextInt(rows.size() + 2);
                        TestRow expected =
                                rows.stream()
                                        .filter(row -> row.key().equals(key) && row.seq() <= seqMax)
                                        .max(Comparator.comparingLong(TestRow::seq))
                                        .orElse(null);
                        assertEquals(
                                expected, found(memtable, key, seqMax, expected), "seed=" + seed);
                    }
                });
    }

    // A lookup does not tell the creation time, so that is taken from what is expected.
    private static @Nullable TestRow found(
            Memtable memtable, Bytes key, long seqMax, @Nullable TestRow expected) {
        var found = new FoundRow();
        if (!memtable.find(key, seqMax, found)) return null;
        boolean expires = (found.flags() & RowFlags.HAS_EXPIRY) != 0;
        return new TestRow(
                key,
                found.seq(),
                found.flags(),
                Bytes.wrap(found.valueArray(), found.valueOffset(), found.valueLength()),
                expires && expected != null && found.isExpiredAt(expected.expireAt())
                        ? expected.expireAt()
                        : 0,
                expected == null ? 0 : expected.createdAt());
    }

    @Test
    void shouldShowOnlyTheLaterRowWhenABatchWritesAKeyTwice() {
        var memtable = new Memtable();
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < 100; i++) batch.put(key(i % 10), Bytes.utf8("v" + i));
        batch.delete(key(3));
        batch.put(key(4), Bytes.utf8("last"), 77);

        memtable.apply(batch.cursor(), 5, 1000);

        assertEquals(10, memtable.rows());
        List<TestRow> rows = TestRow.drain(memtable.cursor(Order.ASCENDING));
        assertEquals(10, rows.size());
        assertEquals(
                new TestRow(
                        key(3),
                        5,
                        RowFlags.TOMBSTONE | RowFlags.HAS_CREATION,
                        Bytes.EMPTY,
                        0,
                        1000),
                rows.get(3));
        assertEquals(
                new TestRow(
                        key(4),
                        5,
                        RowFlags.HAS_EXPIRY | RowFlags.HAS_CREATION,
                        Bytes.utf8("last"),
                        77,
                        1000),
                rows.get(4));
        assertEquals(Bytes.utf8("v99"), rows.get(9).value());
    }

    @Test
    void shouldKeepKeysThatComeInOrderAndOutOfOrderInOrder() {
        var memtable = new Memtable();
        var expected = new ArrayList<Bytes>();
        for (int i = 0; i < 3000; i++) {
            memtable.apply(new WriteBatch().put(key(i), Bytes.EMPTY).cursor(), 2 * i + 1, 0);
            memtable.apply(new WriteBatch().put(key(9000 - i), Bytes.EMPTY).cursor(), 2 * i + 2, 0);
        }
        for (int i = 0; i < 3000; i++) expected.add(key(i));
        for (int i = 6001; i <= 9000; i++) expected.add(key(i));

        List<TestRow> rows = TestRow.drain(memtable.cursor(Order.ASCENDING));

        assertEquals(expected, rows.stream().map(TestRow::key).toList());
        assertEquals(
                expected.reversed(),
                TestRow.drain(memtable.cursor(Order.DESCENDING)).stream()
                        .map(TestRow::key)
                        .toList());
    }

    @Test
    void shouldShowEveryRowOnceInTwoHalves() {
        Bytes value = Bytes.wrap(new byte[500]);
        for (int rows : List.of(1, 1_000, 20_000)) {
            var memtable = new Memtable();
            var random = new Random(rows);
            for (int i = 0; i < rows; i++) {
                Bytes key = Bytes.utf8("k%04d".formatted(random.nextInt(rows)));
                memtable.apply(new WriteBatch().put(key, value).cursor(), i + 1, 0);
            }
            memtable.freeze();

            List<RowCursor> halves = memtable.halves(0);

            var shown = new ArrayList<Long>();
            for (RowCursor half : halves) shown.addAll(seqs(half));
            assertEquals(seqs(memtable.cursor(Order.ASCENDING)), shown);
            assertEquals(rows < 20_000 ? 1 : 2, halves.size());
            if (halves.size() == 2)
                assertEquals(0.5, seqs(memtable.halves(0).getFirst()).size() / (double) rows, 0.2);
        }
    }

    @Test
    void shouldLeaveOutWhatNobodySeesFromACommitOn() {
        for (int seed = 0; seed < 50; seed++) {
            var memtable = new Memtable();
            var random = new Random(seed);
            for (int seq = 1; seq <= 300; seq++) {
                Bytes key = key(random.nextInt(40));
                var batch = new WriteBatch();
                switch (random.nextInt(4)) {
                    case 0 -> batch.delete(key);
                    case 1 -> batch.merge(key, Bytes.utf8("m" + seq));
                    default -> batch.put(key, Bytes.utf8("v" + seq));
                }
                memtable.apply(batch.cursor(), seq, 0);
            }
            memtable.freeze();
            List<TestRow> all = TestRow.drain(memtable.cursor(Order.ASCENDING));
            for (int seqMin = 0; seqMin <= 301; seqMin += 43)
                assertEquals(
                        seen(all, seqMin),
                        TestRow.drain(memtable.frozenRows(seqMin)),
                        "seed " + seed + ", seqMin " + seqMin);
        }
    }

    @Test
    void shouldShowEachKeyInOneOfTwoHalves() {
        var memtable = new Memtable();
        var random = new Random(1);
        var last = new TreeMap<Bytes, Long>();
        for (int seq = 1; seq <= 20_000; seq++) {
            Bytes key = Bytes.utf8("k%04d".formatted(random.nextInt(3_000)));
            memtable.apply(new WriteBatch().put(key, Bytes.wrap(new byte[500])).cursor(), seq, 0);
            last.put(key, (long) seq);
        }
        memtable.freeze();

        List<RowCursor> halves = memtable.halves(20_000);

        assertEquals(2, halves.size());
        var shown = new ArrayList<Long>();
        for (RowCursor half : halves) shown.addAll(seqs(half));
        // One key may stand in both: where the second begins nothing is known of what is newer.
        assertTrue(shown.size() <= last.size() + 1, "shown " + shown.size());
        assertTrue(shown.containsAll(last.values()));
    }

    private static List<TestRow> seen(List<TestRow> rows, long seqMin) {
        var seen = new ArrayList<TestRow>();
        var settled = new HashSet<Bytes>();
        for (TestRow row : rows) {
            if (settled.contains(row.key())) continue;
            seen.add(row);
            if (row.seq() <= seqMin && (row.flags() & RowFlags.MERGE) == 0) settled.add(row.key());
        }
        return seen;
    }

    private static List<Long> seqs(RowCursor rows) {
        var seqs = new ArrayList<Long>();
        while (rows.next()) seqs.add(rows.seq());
        return seqs;
    }

    @Test
    void shouldHoldValuesLongerThanAChunk() {
        var memtable = new Memtable();
        Bytes large = Bytes.wrap(new byte[3 << 20]);
        memtable.apply(
                new WriteBatch().put(key(1), large).put(key(2), Bytes.utf8("small")).cursor(),
                1,
                0);

        List<TestRow> rows = TestRow.drain(memtable.cursor(Order.ASCENDING));

        assertEquals(
                List.of(large, Bytes.utf8("small")), rows.stream().map(TestRow::value).toList());
    }

    @Test
    void shouldCountWhatRowsAndLinksTake() {
        var memtable = new Memtable();
        assertEquals(0, memtable.bytes());
        long before = 0;
        long payload = 0;
        for (int i = 1; i <= 10_000; i++) {
            Bytes value = Bytes.wrap(new byte[i % 300]);
            memtable.apply(new WriteBatch().put(key(i), value).cursor(), i, 0);
            payload += key(i).length() + value.length();
            assertTrue(before < memtable.bytes());
            before = memtable.bytes();
        }

        // 24 bytes of head with one time, up to 7 of alignment, links of 4 bytes (5.33 on average),
        // 32 bytes of the index.
        long least = payload + 10_000L * (24 + 20 + 32);
        long most = payload + 10_000L * (24 + 7 + 24 + 32) + 32 * 1024;
        assertTrue(least <= before && before <= most, least + " <= " + before + " <= " + most);
    }

    @Test
    void shouldRefuseMoreThanItsBound() {
        var memtable = new Memtable();

        assertTrue(memtable.hasRoomFor(1000, 1 << 20));
        assertFalse(memtable.hasRoomFor(1, Memtable.BYTES_MAX));
    }

    @Test
    void shouldKnowItsEndsAndItsTag() {
        var memtable = new Memtable();
        assertTrue(memtable.isEmpty());
        memtable.apply(new WriteBatch().put(key(1), key(1)).cursor(), 7, 0);
        memtable.apply(new WriteBatch().put(key(1), key(1)).cursor(), 9, 0);
        memtable.tagWal(12);
        memtable.freeze();

        assertEquals(7, memtable.firstSeq());
        assertEquals(9, memtable.lastSeq());
        assertEquals(2, memtable.rows());
        assertEquals(12, memtable.lastWalId());
        assertTrue(memtable.isFrozen());
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key%06d".formatted(i));
    }
}
