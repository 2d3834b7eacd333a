package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.CursorContract;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.row.RowCursor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FewRowsTest implements CursorContract {
    private static final long ALL = MemtableCursor.ALL;
    private static final int KEYS = 300;
    private static final int RARE = 32; // walks
    private static final int MANY = 1 << 15; // rows
    private static final int IN_TURN = 50; // keys

    @Override
    public RowCursor cursorOver(List<TestRow> rows, Order order) {
        var memtable = new Memtable();
        for (TestRow row : rows) {
            var one = new RowList(List.of(row), Order.ASCENDING);
            one.next();
            memtable.add(one);
        }
        RowCursor few = memtable.cursor(KeyRange.all(), order, ALL);
        assertTrue(isPickedOut(few));
        return few;
    }

    @Test
    void shouldShowWhatLiesInTheRangeAsIfItWereLinked() {
        Seeds.fresh(20)
                .forEach(seed -> {
                    var random = new Random(seed);
                    Memtable memtable = someRows(random, 2_000);
                    Memtable linked = someRows(new Random(seed), 2_000);
                    for (int i = 0; i < RARE / 2; i++) {
                        KeyRange range = someRange(random);
                        for (Order order : Order.values()) {
                            List<TestRow> expected =
                                    TestRow.drain(linked.cursor(order)).stream()
                                            .filter(row -> range.contains(row.key()))
                                            .toList();
                            RowCursor few = memtable.cursor(range, order, ALL);
                            assertTrue(isPickedOut(few), "walk " + i);
                            assertEquals(expected, TestRow.drain(few), "seed=" + seed);
                        }
                    }
                });
    }

    @Test
    void shouldStandWhereItIsToldInEitherOrder() {
        Seeds.fresh(20)
                .forEach(seed -> {
                    var random = new Random(seed);
                    RowCursor[] few = new RowCursor[2];
                    RowCursor[] linked = new RowCursor[2];
                    Memtable memtable = someRows(random, 1_000);
                    for (Order order : Order.values()) {
                        few[order.ordinal()] = memtable.cursor(KeyRange.all(), order, ALL);
                        linked[order.ordinal()] = someRows(new Random(seed), 1_000).cursor(order);
                    }
                    for (int i = 0; i < 1_000; i++) {
                        int which = random.nextInt(2);
                        Bytes key = key(random.nextInt(KEYS + 2));
                        switch (random.nextInt(4)) {
                            case 0 -> {
                                few[which].seek(key.array(), 0, key.length());
                                linked[which].seek(key.array(), 0, key.length());
                            }
                            case 1 -> {
                                few[which].seekBeyond(key.array(), 0, key.length());
                                linked[which].seekBeyond(key.array(), 0, key.length());
                            }
                            default -> {
                                boolean is = linked[which].next();
                                assertEquals(is, few[which].next(), "seed=" + seed);
                                if (is)
                                    assertEquals(TestRow.of(linked[which]), TestRow.of(few[which]));
                            }
                        }
                    }
                });
    }

    @Test
    void shouldLinkWhereManyLieInTheRange() {
        Memtable many = someRows(new Random(1), 10_000);

        assertFalse(isPickedOut(many.cursor(KeyRange.all(), Order.ASCENDING, ALL)));
    }

    @Test
    void shouldLinkWhereWalksAreMany() {
        Memtable often = someRows(new Random(1), MANY);

        for (int i = 0; i < RARE; i++) assertTrue(isPickedOut(walk(often)), "walk " + i);

        assertFalse(isPickedOut(walk(often)));
        assertFalse(isPickedOut(walk(often)));
        // and the memtable that follows is kept in order
        assertFalse(isPickedOut(walk(filled(often.next(), new Random(2), MANY))));
    }

    @Test
    void shouldNotKeepMemtablesInOrderForWalksThatAreRare() {
        // given
        Memtable rarely = someRows(new Random(1), MANY);
        assertTrue(isPickedOut(walk(rarely)));
        assertTrue(isPickedOut(walk(filled(rarely.next(), new Random(2), MANY))));
        // when: all is walked once
        assertFalse(isPickedOut(rarely.cursor(KeyRange.all(), Order.ASCENDING, ALL)));
        // then: only the memtable that follows is kept in order
        Memtable second = filled(rarely.next(), new Random(2), MANY);
        assertFalse(isPickedOut(walk(second)));
        assertTrue(isPickedOut(walk(filled(second.next(), new Random(3), MANY))));
    }

    @Test
    void shouldShowOnlyTheLaterRowWhenABatchWritesAKeyTwice() {
        var memtable = new Memtable();
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < 100; i++) batch.put(key(i % 10), Bytes.utf8("v" + i));
        memtable.apply(batch.cursor(), 5, 1000);

        List<TestRow> rows =
                TestRow.drain(memtable.cursor(KeyRange.from(key(9)), Order.ASCENDING, ALL));

        assertEquals(List.of(Bytes.utf8("v99")), rows.stream().map(TestRow::value).toList());
    }

    @Test
    void shouldShowTheNewestOfEachKeyToAReader() {
        for (Order order : Order.values()) {
            Memtable memtable = someRows(new Random(1), 4_000);

            List<TestRow> shown = TestRow.drain(memtable.cursor(KeyRange.all(), order, 3_000));

            assertTrue(shown.stream().allMatch(row -> row.seq() <= 3_000));
            assertEquals(shown.size(), shown.stream().map(TestRow::key).distinct().count());
        }
    }

    @Test
    void shouldShowEveryPublishedRowWhileRowsAreAdded() throws Exception {
        var published = new AtomicLong();
        try (var adder = Executors.newSingleThreadExecutor(Thread.ofPlatform().factory())) {
            for (int round = 0; round < 100; round++) {
                var memtable = new Memtable();
                published.set(0);
                Future<?> added = adder.submit(() -> addInTurn(memtable, published));
                while (!added.isDone())
                    for (Order order : Order.values())
                        checkInTurn(memtable, order, published.getAcquire());
                added.get();
            }
        }
    }

    private static void addInTurn(Memtable memtable, AtomicLong published) {
        for (long seq = 1; seq <= 3_000; seq++) {
            Bytes key = key((int) (seq % IN_TURN));
            memtable.apply(new WriteBatch().put(key, Bytes.utf8("" + seq)).cursor(), seq, 0);
            published.setRelease(seq);
        }
    }

    private static void checkInTurn(Memtable memtable, Order order, long seqMax) {
        KeyRange range = KeyRange.of(key(10), key(20));
        Map<Bytes, Long> newest = new HashMap<>();
        for (TestRow row : TestRow.drain(memtable.cursor(range, order, seqMax)))
            if (row.seq() <= seqMax && range.contains(row.key()))
                newest.merge(row.key(), row.seq(), Math::max);
        for (int i = 10; i < 20; i++) {
            long last = seqMax - Math.floorMod(seqMax - i, (long) IN_TURN);
            assertEquals(
                    0 < last ? (Long) last : null,
                    newest.get(key(i)),
                    "key " + i + " at " + seqMax);
        }
    }

    private static RowCursor walk(Memtable memtable) {
        return memtable.cursor(KeyRange.of(key(7), key(8)), Order.ASCENDING, ALL);
    }

    private static boolean isPickedOut(RowCursor cursor) {
        return cursor instanceof FewRows;
    }

    private static KeyRange someRange(Random random) {
        Bytes start = random.nextInt(8) == 0 ? null : key(random.nextInt(KEYS));
        Bytes end = random.nextInt(8) == 0 ? null : key(random.nextInt(KEYS));
        return new KeyRange(start, end);
    }

    private static Memtable someRows(Random random, int count) {
        return filled(new Memtable(), random, count);
    }

    private static Memtable filled(Memtable memtable, Random random, int count) {
        for (int seq = 1; seq <= count; seq++) {
            var batch = new WriteBatch();
            Bytes key = key(random.nextInt(KEYS));
            if (random.nextInt(4) == 0) batch.delete(key);
            else batch.put(key, Bytes.utf8("v" + seq));
            memtable.apply(batch.cursor(), seq, 1000);
        }
        return memtable;
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key%05d".formatted(number));
    }
}
