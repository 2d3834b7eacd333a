package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.memory.Allowance;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Compares a scan over stored and staged rows, which steps and seeks, with a sorted map.
class OverlaidScanTest {
    private static final int STORIES = 60;
    private static final int KEYS = 12;

    @Test
    void shouldNotLoseWhatTheOtherSourceHoldsReady() {
        try (Home home = Home.Kind.ENGINE.build()) {
            // given: b is shown while the other source stands on c
            home.db().write(new WriteBatch().put(key("a"), key("1")), Durability.MEMORY);
            home.db().write(new WriteBatch().put(key("c"), key("3")), Durability.MEMORY);
            var rows = new StagedRows(home.db().view(), Allowance.UNBOUNDED.share());
            rows.put(key("b"), key("2"));
            rows.put(key("d"), key("4"));
            // when, then
            try (Scan scan = rows.scan(KeyRange.all())) {
                for (String each : new String[] {"a", "b", "c", "d"}) {
                    scan.seek(key(each));
                    assertEquals(true, scan.next());
                    assertEquals(key(each), scan.key());
                }
            }
        }
    }

    @Test
    void shouldShowWhatASortedMapShows() {
        for (int seed = 0; seed < STORIES; seed++) tell(seed);
    }

    private static void tell(int seed) {
        var random = new Random(seed);
        try (Home home = Home.Kind.ENGINE.build()) {
            // given
            var model = new TreeMap<Bytes, Bytes>();
            for (int i = 0; i < KEYS; i++) {
                if (random.nextBoolean()) continue;
                model.put(key("k" + (char) ('a' + i)), key("stored"));
            }
            var stored = new WriteBatch();
            model.forEach(stored::put);
            home.db().write(stored, Durability.MEMORY);
            var rows = new StagedRows(home.db().view(), Allowance.UNBOUNDED.share());
            for (int i = 0; i < KEYS / 2; i++) {
                Bytes key = key("k" + (char) ('a' + random.nextInt(KEYS)));
                if (random.nextInt(3) == 0) {
                    rows.delete(key);
                    model.remove(key);
                } else {
                    rows.put(key, key("staged"));
                    model.put(key, key("staged"));
                }
            }
            // when, then
            Order order = Order.values()[seed % 2];
            walk(rows, order == Order.ASCENDING ? model : reversed(model), order, seed);
        }
    }

    private static TreeMap<Bytes, Bytes> reversed(TreeMap<Bytes, Bytes> model) {
        return new TreeMap<>(model.descendingMap());
    }

    private static void walk(StagedRows rows, TreeMap<Bytes, Bytes> model, Order order, int seed) {
        var random = new Random(~seed);
        try (Scan scan = rows.scan(KeyRange.all(), order)) {
            Bytes last = null;
            while (true) {
                Bytes expected = last == null ? first(model) : model.higherKey(last);
                if (random.nextInt(2) == 0) {
                    Bytes target = key("k" + (char) ('a' + random.nextInt(KEYS)));
                    scan.seek(target);
                    Bytes sought = model.ceilingKey(target);
                    boolean isAhead = last == null || 0 < compare(order, target, last);
                    if (isAhead) expected = sought;
                }
                boolean isThere = scan.next();
                assertEquals(expected, isThere ? scan.key() : null, "seed=" + seed);
                if (!isThere) return;
                assertEquals(model.get(scan.key()), scan.value(), "seed=" + seed);
                last = scan.key();
            }
        }
    }

    private static Bytes first(TreeMap<Bytes, Bytes> model) {
        return model.isEmpty() ? null : model.firstKey();
    }

    private static int compare(Order order, Bytes one, Bytes other) {
        return order == Order.ASCENDING ? one.compareTo(other) : other.compareTo(one);
    }

    private static Bytes key(String text) {
        return Bytes.utf8(text);
    }
}
