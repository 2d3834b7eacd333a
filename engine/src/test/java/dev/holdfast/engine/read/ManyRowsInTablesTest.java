package dev.holdfast.engine.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.iter.VisibleCursor;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TestTables;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.format.sst.SstSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Keys with many rows, in memory and in tables, and walks over them.
class ManyRowsInTablesTest {
    private static final int KEYS = 5;
    private static final long EVERY_ROW = -1; // in place of a reader's sequence number

    private final TestTables tables =
            new TestTables(ByteSize.mebibytes(64), SstSettings.defaults());

    private long seq;

    /// Writes one after the other what it is told.
    private static final class Joining implements MergeOperator {
        @Override
        public Bytes merge(Bytes key, @Nullable Bytes existing, List<Bytes> operands) {
            var all = new StringBuilder(existing == null ? "" : existing.toUtf8());
            for (Bytes operand : operands) all.append(operand.toUtf8());
            return Bytes.utf8(all.toString());
        }
    }

    @Test
    void shouldShowTheSamePairsAsAWalkOverAllRows() {
        Seeds.fresh(40)
                .forEach(seed -> {
                    var random = new Random(seed);
                    seq = 0;
                    SstReader oldest = tables.table(filled(random).cursor(Order.ASCENDING));
                    SstReader newer = tables.table(filled(random).cursor(Order.ASCENDING));
                    var view =
                            new LsmView(
                                    filled(random), List.of(), List.of(newer, oldest), List.of());
                    for (Order order : Order.values()) {
                        long seqMax = random.nextInt(3) == 0 ? random.nextLong(seq) : seq;
                        long newerThan = random.nextInt(3) == 0 ? random.nextLong(seq) : 0;
                        var seen = new Visibility(seqMax, 500, new Joining(), newerThan);
                        compare(view, order, seen, "seed=" + seed + ", " + order + ", " + seen);
                    }
                });
    }

    private Memtable filled(Random random) {
        var memtable = new Memtable();
        boolean merges = random.nextInt(3) == 0;
        int rows = 1 + random.nextInt(1200);
        for (int i = 0; i < rows; i++) {
            Bytes key = Bytes.utf8("k" + Math.min(random.nextInt(KEYS), random.nextInt(KEYS)));
            var batch = new WriteBatch();
            Bytes value = Bytes.utf8(++seq + ",".repeat(random.nextInt(60)));
            if (merges && random.nextInt(3) == 0) batch.merge(key, value);
            else if (random.nextInt(9) == 0) batch.delete(key);
            else if (random.nextInt(9) == 0) batch.put(key, value, 400 + random.nextInt(200));
            else batch.put(key, value);
            memtable.apply(batch.cursor(), seq, 0);
        }
        return memtable;
    }

    private static void compare(LsmView view, Order order, Visibility seen, String what) {
        KeyRange range = KeyRange.of(Bytes.utf8("k0"), Bytes.utf8("k4"));
        Scan.Options options = Scan.Options.defaults().withOrder(order);
        var expected = new ArrayList<String>();
        var all = RangeScanner.rows(view, range, options, EVERY_ROW);
        try (var plain = new VisibleCursor(all, range, order, seen)) {
            while (plain.next())
                expected.add(
                        Bytes.copyOf(plain.keyArray(), 0, plain.keyLength()).toUtf8()
                                + "="
                                + Bytes.copyOf(
                                                plain.valueArray(),
                                                plain.valueOffset(),
                                                plain.valueLength())
                                        .toUtf8());
        }
        var found = new ArrayList<String>();
        try (var scan = RangeScanner.over(view, range, options, seen, null)) {
            while (scan.next()) found.add(scan.key().toUtf8() + "=" + scan.value().toUtf8());
        }
        assertEquals(expected, found, what);
    }

    @Test
    void shouldLookAtAFewRowsOfAKeyThatHasMany() {
        int rows = 200_000;
        var memtable = new Memtable();
        Bytes hot = Bytes.utf8("hot");
        memtable.apply(new WriteBatch().put(Bytes.utf8("a"), Bytes.utf8("0")).cursor(), 1, 0);
        for (int i = 2; i < rows; i++)
            memtable.apply(new WriteBatch().put(hot, Bytes.utf8("" + i)).cursor(), i, 0);
        memtable.apply(new WriteBatch().put(Bytes.utf8("z"), Bytes.EMPTY).cursor(), rows, 0);
        SstReader table = tables.table(memtable.cursor(Order.ASCENDING));
        var view = new LsmView(new Memtable(), List.of(), List.of(table), List.of());
        var seen = new Visibility(rows, 0, null);
        long begun = Thread.currentThread().threadId(); // of this thread alone
        var threads =
                (com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getThreadCpuTime(begun);
        for (int i = 0; i < 1000; i++)
            for (Order order : Order.values())
                try (var scan = RangeScanner.over(view, KeyRange.all(), order, seen, null)) {
                    int pairs = 0;
                    while (scan.next()) pairs++;
                    assertEquals(3, pairs);
                }
        long micros = (threads.getThreadCpuTime(begun) - before) / 1000 / 2000;
        // a walk over all rows takes some thousand
        assertTrue(micros < 1000, "us a scan: " + micros);
    }
}
