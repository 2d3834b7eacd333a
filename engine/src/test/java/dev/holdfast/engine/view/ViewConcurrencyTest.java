package dev.holdfast.engine.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.read.StableView;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TestTables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Every batch writes its number to all keys. Memtables freeze and become tables meanwhile; a view
/// always shows one number everywhere, the one it was taken at.
class ViewConcurrencyTest {
    private static final int BATCHES = 6000;
    private static final List<Bytes> KEYS =
            List.of(Bytes.utf8("a"), Bytes.utf8("b"), Bytes.utf8("c"));

    private final ViewHolder views = new ViewHolder(LsmView.of(new Memtable()));
    private final AtomicLong applied = new AtomicLong();
    private final StableView.Reading reading = new StableView.Reading(Env.system(), null);

    @Test
    void shouldShowOneStateWhileMemtablesBecomeTables() throws Exception {
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var readers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 3; i++) readers.add(threads.submit(this::readUntilTheEnd));
            writeAll();
            for (Future<Integer> reader : readers) assertTrue(0 < reader.get());
        }
    }

    private void writeAll() {
        var tables = new TestTables();
        for (long seq = 1; seq <= BATCHES; seq++) {
            var batch = new WriteBatch();
            for (Bytes key : KEYS) batch.put(key, Bytes.utf8("" + seq));
            views.current().active().apply(batch.cursor(), seq, 0);
            applied.setRelease(seq);
            if (seq % 150 == 0) {
                views.current().active().freeze();
                views.update(view -> view.freezeActive(new Memtable()));
            }
            if (seq % 300 == 0) {
                Memtable oldest = views.current().frozen().getLast();
                var table = tables.table(oldest.cursor(Order.ASCENDING));
                views.update(view -> flushed(view, oldest, table));
            }
        }
    }

    private static LsmView flushed(LsmView view, Memtable oldest, SstReader table) {
        List<SstReader> l0 = new ArrayList<>(view.l0());
        l0.addFirst(table);
        return new LsmView(view.active(), view.frozen(), l0, view.runs())
                .withoutFlushed(oldest.lastSeq());
    }

    private int readUntilTheEnd() {
        int rounds = 0;
        long seq;
        do {
            seq = applied.getAcquire();
            if (seq == 0) continue;
            try (var view = new StableView(reading, views.current(), seq)) {
                for (Bytes key : KEYS) assertEquals(Bytes.utf8("" + seq), view.get(key));
                for (Order order : Order.values()) assertShows(view, order, seq);
                assertEquals(seq, view.observedSeq());
            }
            rounds++;
        } while (seq < BATCHES); // who comes late looks once
        return rounds;
    }

    private static void assertShows(StableView view, Order order, long seq) {
        var keys = new ArrayList<Bytes>();
        try (Scan scan = view.scan(KeyRange.all(), order)) {
            while (scan.next()) {
                keys.add(scan.key());
                assertEquals(Bytes.utf8("" + seq), scan.value());
            }
        }
        assertEquals(order == Order.ASCENDING ? KEYS : KEYS.reversed(), keys);
    }
}
