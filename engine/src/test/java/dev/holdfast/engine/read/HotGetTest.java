package dev.holdfast.engine.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TestTables;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.format.sst.SstSettings;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a get of something that is in memory costs.
class HotGetTest {
    private static final int VALUE_BYTES = 100;
    // The value's array and the Bytes around it, with headers and padding.
    private static final long RETURNED_BYTES = 16 + VALUE_BYTES + 4 + 24;

    private final PointReader reader = new PointReader(Env.system(), null);
    private final TestTables tables =
            new TestTables(ByteSize.mebibytes(256), SstSettings.defaults());

    private static Bytes key(int i) {
        return Bytes.utf8("key%013d".formatted(i));
    }

    private static Memtable memtable(int from, int to, int step) {
        var memtable = new Memtable();
        Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
        for (int i = from; i < to; i += step)
            memtable.apply(new WriteBatch().put(key(i), value).cursor(), i + 1, 0);
        return memtable;
    }

    private SstReader table(int from, int to, int step) {
        return tables.table(memtable(from, to, step).cursor(Order.ASCENDING));
    }

    private void get(LsmView view, Bytes key) {
        Bytes value = reader.get(view, key, Long.MAX_VALUE, null);
        assertEquals(VALUE_BYTES, value == null ? -1 : value.length());
    }

    @Test
    void shouldAllocateNothingButTheValue() {
        int rows = 4000;
        LsmView inMemory = LsmView.of(memtable(0, rows, 1));
        LsmView inTables =
                new LsmView(new Memtable(), List.of(), List.of(table(0, rows, 1)), List.of());

        assertAllocates(inMemory, rows);
        assertAllocates(inTables, rows);
    }

    private void assertAllocates(LsmView view, int rows) {
        var keys = new ArrayList<Bytes>();
        for (int i = 0; i < rows; i++) keys.add(key(i));
        for (int round = 0; round < 25; round++) for (Bytes key : keys) get(view, key);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < rows; i++) get(view, keys.get(i));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        long most = (RETURNED_BYTES + 1) * rows;
        assertTrue(allocated <= most, allocated / rows + " bytes a get");
    }

    @Test
    @Tag("long")
    void shouldTellWhatReadsCost() {
        int rows = 500_000;
        var l0 = new LsmView(new Memtable(), List.of(), List.of(table(0, rows, 1)), List.of());
        List<SstReader> four = new ArrayList<>();
        for (int i = 0; i < 4; i++) four.add(table(i, rows, 4));
        var spread = new LsmView(new Memtable(), List.of(), four, List.of());
        for (int round = 0; round < 3; round++) {
            report("get, memtable", LsmView.of(memtable(0, rows, 1)), rows, 0);
            report("get, one table", l0, rows, 0);
            report("get, four tables", spread, rows, 0);
            report("miss, one table", l0, rows, 1);
            report("miss, four tables", spread, rows, 1);
            reportScan("scan, one table", l0, rows);
            reportScan("scan, four tables", spread, rows);
            reportWrites(rows);
        }
    }

    private void report(String what, LsmView view, int rows, int missing) {
        var random = new Random(7);
        var keys = new Bytes[rows];
        for (int i = 0; i < rows; i++)
            keys[i] = Bytes.utf8(key(random.nextInt(rows)).toUtf8() + "x".repeat(missing));
        for (Bytes key : keys) reader.get(view, key, Long.MAX_VALUE, null);
        long start = cpuNanos();
        for (Bytes key : keys) reader.get(view, key, Long.MAX_VALUE, null);
        print(what, cpuNanos() - start, rows);
    }

    private void reportScan(String what, LsmView view, int rows) {
        var reading = new StableView.Reading(Env.system(), null);
        long start = cpuNanos();
        long bytes = 0;
        try (Scan scan =
                new StableView(reading, view, Long.MAX_VALUE)
                        .scan(KeyRange.all(), Order.ASCENDING)) {
            while (scan.next()) bytes += scan.key().length() + scan.value().length();
        }
        print(what, cpuNanos() - start, rows);
        assertEquals(rows * 116L, bytes);
    }

    private void reportWrites(int rows) {
        var random = new Random(7);
        var batches = new WriteBatch[rows];
        Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
        for (int i = 0; i < rows; i++)
            batches[i] = new WriteBatch().put(key(random.nextInt(rows)), value);
        var memtable = new Memtable();
        long start = cpuNanos();
        for (int i = 0; i < rows; i++) memtable.apply(batches[i].cursor(), i + 1, 0);
        print("apply, random", cpuNanos() - start, rows);
        var sorted = new WriteBatch[rows];
        for (int i = 0; i < rows; i++) sorted[i] = new WriteBatch().put(key(i), value);
        var other = new Memtable();
        start = cpuNanos();
        for (int i = 0; i < rows; i++) other.apply(sorted[i].cursor(), i + 1, 0);
        print("apply, in order", cpuNanos() - start, rows);
        start = cpuNanos();
        tables.table(other.cursor(Order.ASCENDING));
        print("flush", cpuNanos() - start, rows);
    }

    // This thread's own time: neighbours on the machine do not count.
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void print(String what, long nanos, int count) {
        System.out.printf("%-20s %6d ns%n", what, nanos / count);
    }
}
