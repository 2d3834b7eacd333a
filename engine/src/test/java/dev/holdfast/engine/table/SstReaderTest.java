package dev.holdfast.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.iter.CursorContract;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.filter.SipHash;
import dev.holdfast.format.manifest.Bound;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SstReaderTest implements CursorContract {
    @Override
    public RowCursor cursorOver(List<TestRow> rows, Order order) {
        var random = new Random(rows.size());
        Codec codec = Codec.values()[random.nextInt(Codec.values().length)];
        int blockSize = random.nextBoolean() ? 64 : 300;
        var cacheSize = ByteSize.kibibytes(random.nextInt(3) * 8L);
        var tables = new TestTables(cacheSize, new SstSettings(blockSize, codec, 10, 0));
        return tables.table(rows).cursor(KeyRange.all(), order);
    }

    @Test
    void shouldFindTheNewestRowUpToASequenceNumber() {
        Seeds.fresh(10)
                .forEach(seed -> {
                    var random = new Random(seed);
                    List<TestRow> rows = someRows(random);
                    SstReader table = new TestTables().table(rows);
                    for (int i = 0; i < 500; i++) {
                        Bytes key = Bytes.utf8("k%04d".formatted(random.nextInt(220)));
                        long seqMax = random.nextInt(rows.size() + 2);
                        String expected = newest(rows, key, seqMax);
                        assertEquals(expected, found(table, key, seqMax), "seed=" + seed);
                    }
                });
    }

    static @Nullable String newest(List<TestRow> rows, Bytes key, long seqMax) {
        return rows.stream()
                .filter(row -> row.key().equals(key) && row.seq() <= seqMax)
                .max(Comparator.comparingLong(TestRow::seq))
                .map(row -> row.seq() + " " + row.flags() + " " + row.value().toUtf8())
                .orElse(null);
    }

    static @Nullable String found(SstReader table, Bytes key, long seqMax) {
        var found = new FoundRow();
        long hash = SipHash.of(key.array(), key.offset(), key.length());
        return table.find(key, hash, seqMax, found, Reach.STORE) ? text(found) : null;
    }

    static String text(FoundRow found) {
        Bytes value = Bytes.wrap(found.valueArray(), found.valueOffset(), found.valueLength());
        return found.seq() + " " + found.flags() + " " + value.toUtf8();
    }

    @Test
    void shouldReadOneBlockWhenIndexAndFilterAreInMemory() {
        var tables = new TestTables();
        SstReader table = tables.table(keys(0, 1000));
        found(table, key(1), 9);
        long before = tables.store.calls();

        String value = found(table, key(777), 9);

        assertEquals("1 4 v777", value);
        assertEquals(before + 1, tables.store.calls());
        assertEquals("1 4 v777", found(table, key(777), 9));
        assertEquals(before + 1, tables.store.calls());
    }

    @Test
    void shouldReadNothingWhenTheFilterOrTheBoundsExcludeTheKey() {
        var tables = new TestTables();
        SstReader table = tables.table(keys(0, 1000));
        found(table, key(1), 9);
        long before = tables.store.calls();
        int reads = 0;
        for (int i = 0; i < 900; i++) {
            assertNull(found(table, Bytes.utf8(key(i).toUtf8() + "x"), 9));
            assertNull(found(table, Bytes.utf8("z" + i), 9));
        }
        reads += (int) (tables.store.calls() - before);

        assertTrue(reads < 50, "reads=" + reads);
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowOnlyWhatIsVisible(Order order) {
        var tables = new TestTables();
        var visible =
                new KeyBounds(
                        new Bound(Bound.Kind.EXCLUDED, key(100)),
                        new Bound(Bound.Kind.INCLUDED, key(300)));
        SstReader table = tables.open(tables.write(keys(0, 1000)), visible);

        List<TestRow> rows = TestRow.drain(table.cursor(KeyRange.all(), order));

        assertEquals(TestRow.sorted(keys(101, 301), order), rows);
        assertNull(found(table, key(100), 9));
        assertEquals("1 4 v300", found(table, key(300), 9));
        assertNull(found(table, key(301), 9));
    }

    @Test
    void shouldKnowWhichRangesItOverlaps() {
        SstReader table = new TestTables().table(keys(10, 20));

        assertTrue(table.overlaps(KeyRange.all()));
        assertTrue(table.overlaps(KeyRange.from(key(19))));
        assertFalse(table.overlaps(KeyRange.from(key(20))));
        assertFalse(table.overlaps(new KeyRange(null, key(10))));
        assertTrue(table.overlaps(new KeyRange(null, key(11))));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadAheadInFewRequests(Order order) {
        var tables = new TestTables(ByteSize.bytes(0), SstSettings.defaults());
        SstReader table = tables.table(keys(0, 100_000));
        long blocks = table.index().blockCount();
        long before = tables.store.calls(Operation.GET);

        long rows = TestRow.drain(table.cursor(KeyRange.all(), order)).size();

        assertEquals(100_000, rows);
        long reads = tables.store.calls(Operation.GET) - before;
        assertTrue(reads < 20 + blocks / 64, "blocks=" + blocks + " reads=" + reads);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepNothingOfWhatIsReadOnce(Order order) {
        var tables = new TestTables(ByteSize.mebibytes(64), SstSettings.defaults());
        List<TestRow> rows = keys(0, 100_000);
        SstReader table = tables.table(rows);
        long blocks = table.index().blockCount();
        long before = tables.store.calls(Operation.GET);
        long held = tables.cache.bytes();

        RowCursor cursor = table.cursor(KeyRange.all(), order, WalkPlan.ONCE);

        assertEquals(TestRow.sorted(rows, order), TestRow.drain(cursor));
        assertEquals(held, tables.cache.bytes());
        long reads = tables.store.calls(Operation.GET) - before;
        assertTrue(reads <= 1 + blocks / 128, "blocks=" + blocks + " reads=" + reads);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadAheadAtMostAMebibyteAndNeverBeyondTheRange(Order order) {
        var tables = new TestTables(ByteSize.bytes(0), SstSettings.defaults());
        SstHandle handle = tables.write(keys(0, 200_000));
        SstIndex index = tables.open(handle).index();
        Bytes start = key(50_000);
        Bytes end = key(150_000);
        int first = index.firstBlockFor(start.array(), start.offset(), start.length());
        int last = index.lastBlockFor(end.array(), end.offset(), end.length());
        var log = new RangeLog(tables.store);
        SstReader table = tables.open(log, handle, null);

        RowCursor cursor = table.cursor(KeyRange.of(start, end), order);
        Bytes near = order == Order.ASCENDING ? start : end;
        cursor.seek(near.array(), near.offset(), near.length());
        for (int i = 0; i < 100_000; i++) assertTrue(cursor.next());

        log.ranges.removeIf(range -> handle.properties().dataEnd() <= range.offset());
        long from = log.ranges.stream().mapToLong(RangeLog.Range::offset).min().orElseThrow();
        long to = log.ranges.stream().mapToLong(RangeLog.Range::end).max().orElseThrow();
        assertEquals(index.blockOffset(first), from);
        assertTrue(to <= index.blockOffset(last) + index.blockLength(last));
        for (RangeLog.Range range : log.ranges)
            assertTrue(range.end() - range.offset() <= 1 << 20, range.toString());
    }

    @Test
    void shouldNotDriveOutWhatIsUsedWhenScanned() {
        var tables = new TestTables(ByteSize.kibibytes(64), SstSettings.defaults());
        SstReader hot = tables.table(keys(0, 500));
        SstReader cold = tables.table(keys(0, 100_000));
        for (int i = 0; i < 500; i++) found(hot, key(i), 9);
        cold.index();
        for (int i = 0; i < 500; i++) found(hot, key(i), 9);

        TestRow.drain(cold.cursor(KeyRange.all(), Order.ASCENDING));

        long before = tables.store.calls();
        for (int i = 0; i < 500; i++) found(hot, key(i), 9);
        assertTrue(tables.store.calls() - before <= 3, "" + (tables.store.calls() - before));
        assertTrue(tables.cache.bytes() <= tables.cache.sizeMax());
    }

    static List<TestRow> keys(int from, int to) {
        return new ArrayList<>(
                IntStream.range(from, to)
                        .mapToObj(i -> TestRow.put(key(i).toUtf8(), 1, "v" + i))
                        .toList());
    }

    static Bytes key(int i) {
        return Bytes.utf8("key%08d".formatted(i));
    }
}
