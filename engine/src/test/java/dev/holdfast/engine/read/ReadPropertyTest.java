package dev.holdfast.engine.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TestTables;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.format.row.RowCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random rows, spread over memtables, L0 tables and sorted runs as writing and compacting would,
/// read at random sequence numbers: always what a map shows.
class ReadPropertyTest {
    private static final Visibility ALL =
            new Visibility(Long.MAX_VALUE, FixedClock.NOW, TestRow.CONCATENATE);

    /// Time stands, so that model and engine agree on what has expired.
    private record FixedClock(Env real) implements Env {
        static final long NOW = 50;

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }

        @Override
        public long currentTimeMillis() {
            return NOW;
        }

        @Override
        public long randomLong() {
            return real.randomLong();
        }

        @Override
        public Thread start(String name, Runnable body) {
            return real.start(name, body);
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            real.sleep(duration);
        }
    }

    private final StableView.Reading reading =
            new StableView.Reading(new FixedClock(Env.system()), TestRow.CONCATENATE);

    /// A view over rows, oldest in runs, newest in memory.
    private static final class World {
        final List<TestRow> rows = new ArrayList<>();
        final LsmView view;

        World(Random random) {
            int keys = 1 + random.nextInt(150);
            var tables = new TestTables();
            List<RunReader> runs = new ArrayList<>();
            for (int i = random.nextInt(3); 0 < i; i--)
                runs.addFirst(run(tables, more(random, keys), random, runs.size()));
            List<SstReader> l0 = new ArrayList<>();
            for (int i = random.nextInt(4); 0 < i; i--)
                l0.addFirst(tables.table(more(random, keys)));
            // A reader's memtables may begin with rows that are in tables already.
            int flushed = rows.size();
            int twice = Math.min(flushed, random.nextInt(2) * random.nextInt(200));
            var oldest = new ArrayList<TestRow>(rows.subList(flushed - twice, flushed));
            List<Memtable> frozen = new ArrayList<>();
            for (int i = random.nextInt(3); 0 < i; i--) {
                oldest.addAll(more(random, keys));
                frozen.addFirst(memtable(oldest));
                oldest.clear();
            }
            oldest.addAll(more(random, keys));
            long flushedSeq = random.nextBoolean() || 0 < twice ? flushed : 0;
            view = new LsmView(memtable(oldest), frozen, l0, runs, flushedSeq);
        }

        private List<TestRow> more(Random random, int keys) {
            var more = new ArrayList<TestRow>();
            for (int i = 1 + random.nextInt(250); 0 < i; i--)
                more.add(TestRow.random(random, rows.size() + more.size() + 1, keys));
            rows.addAll(more);
            return more;
        }

        private static RunReader run(TestTables tables, List<TestRow> rows, Random random, int id) {
            List<TestRow> sorted = TestRow.sorted(rows, Order.ASCENDING);
            var parts = new ArrayList<SstReader>();
            for (int from = 0; from < sorted.size(); ) {
                int to = Math.min(sorted.size(), from + 1 + random.nextInt(100));
                parts.add(tables.table(sorted.subList(from, to)));
                from = to;
            }
            return new RunReader(id, parts);
        }

        private static Memtable memtable(List<TestRow> rows) {
            var memtable = new Memtable();
            for (TestRow row : rows) {
                RowCursor one = new RowList(List.of(row), Order.ASCENDING);
                one.next();
                memtable.add(one);
            }
            return memtable;
        }
    }

    @Test
    void shouldGetWhatAMapHolds() {
        Seeds.fresh(60)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var world = new World(random);
                    for (int i = 0; i < 4; i++) {
                        long seq = random.nextInt(world.rows.size() + 2);
                        var model = TestRow.visible(world.rows, at(seq));
                        try (var view = new StableView(reading, world.view, seq)) {
                            for (int k = 0; k < 155; k++) {
                                Bytes key = key(k);
                                assertEquals(model.get(key), view.get(key), "seed=" + seed);
                            }
                        }
                    }
                });
    }

    @Test
    void shouldScanWhatAMapHolds() {
        Seeds.fresh(60)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var world = new World(random);
                    for (int i = 0; i < 10; i++) {
                        long seq = random.nextInt(world.rows.size() + 2);
                        Order order = Order.values()[random.nextInt(2)];
                        KeyRange range = range(random);
                        var model = model(world, seq, range, order);
                        try (var view = new StableView(reading, world.view, seq);
                                Scan scan = view.scan(range, order)) {
                            follow(scan, model, random, "seed=" + seed);
                        }
                    }
                });
    }

    private static NavigableMap<Bytes, Bytes> model(
            World world, long seq, KeyRange range, Order order) {
        NavigableMap<Bytes, Bytes> model = TestRow.visible(world.rows, at(seq));
        model.keySet().removeIf(key -> !range.contains(key));
        return order == Order.ASCENDING ? model : model.descendingMap();
    }

    // Steps and seeks at random, and compares each pair.
    private static void follow(
            Scan scan, NavigableMap<Bytes, Bytes> model, Random random, String seed) {
        while (true) {
            var expected = model.pollFirstEntry();
            assertEquals(expected != null, scan.next(), seed);
            if (expected == null) return;
            assertEquals(expected.getKey(), scan.key(), seed);
            assertEquals(expected.getValue(), scan.value(), seed);
            if (random.nextInt(10) != 0) continue;
            Bytes target = key(random.nextInt(150));
            scan.seek(target);
            while (!model.isEmpty()
                    && model.firstKey() != null
                    && isBefore(model, model.firstKey(), target)) model.pollFirstEntry();
        }
    }

    private static boolean isBefore(NavigableMap<Bytes, Bytes> model, Bytes key, Bytes target) {
        return model.comparator() == null
                ? key.compareTo(target) < 0
                : model.comparator().compare(key, target) < 0;
    }

    @Test
    void shouldObserveTheNewestRowThatDecided() {
        Seeds.fresh(30)
                .forEach(seed -> {
                    var world = new World(new Random(seed));
                    long last = world.rows.size();
                    for (int k = 0; k < 150; k++) {
                        Bytes key = key(k);
                        long newest =
                                world.rows.stream()
                                        .filter(row -> row.key().equals(key))
                                        .mapToLong(TestRow::seq)
                                        .max()
                                        .orElse(0);
                        var point = new StableView(reading, world.view, last);
                        point.get(key);
                        assertEquals(newest, point.observedSeq(), "seed=" + seed);
                        var range = new StableView(reading, world.view, last);
                        Bytes end = Bytes.utf8(key.toUtf8() + "\0");
                        try (Scan scan = range.scan(KeyRange.of(key, end))) {
                            while (scan.next()) {}
                        }
                        assertEquals(newest, range.observedSeq(), "seed=" + seed);
                    }
                });
    }

    private static Visibility at(long seq) {
        return new Visibility(seq, ALL.nowMillis(), ALL.operator());
    }

    private static Bytes key(int i) {
        return Bytes.utf8("k%04d".formatted(i));
    }

    private static KeyRange range(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> KeyRange.of(key(random.nextInt(150)), key(random.nextInt(150)));
            case 1 -> KeyRange.prefix(Bytes.utf8("k00" + random.nextInt(9)));
            case 2 -> new KeyRange(null, key(random.nextInt(150)));
            default -> KeyRange.all();
        };
    }
}
