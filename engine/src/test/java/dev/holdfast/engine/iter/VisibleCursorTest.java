package dev.holdfast.engine.iter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VisibleCursorTest {
    private static final Visibility EVERYTHING =
            new Visibility(Long.MAX_VALUE, 50, TestRow.CONCATENATE);

    @ParameterizedTest
    @EnumSource
    void shouldShowWhatAMapWouldShow(Order order) {
        Seeds.fresh(200)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var rows = new ArrayList<TestRow>();
                    int count = random.nextInt(400);
                    for (int seq = 1; seq <= count; seq++)
                        rows.add(TestRow.random(random, seq, 1 + random.nextInt(60)));
                    var visibility =
                            new Visibility(
                                    random.nextInt(450), random.nextInt(110), TestRow.CONCATENATE);
                    KeyRange range = someRange(random);
                    NavigableMap<Bytes, Bytes> model =
                            within(TestRow.visible(rows, visibility), range);
                    if (order == Order.DESCENDING) model = model.descendingMap();

                    var cursor =
                            new VisibleCursor(new RowList(rows, order), range, order, visibility);

                    assertEquals(pairs(model), pairs(cursor, Integer.MAX_VALUE), "seed=" + seed);
                });
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnAtTheKeyOrBeyondButNeverBackWhenSought(Order order) {
        Seeds.fresh(200)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var rows = new ArrayList<TestRow>();
                    for (int seq = 1; seq <= 200; seq++) rows.add(TestRow.random(random, seq, 60));
                    KeyRange range = someRange(random);
                    NavigableMap<Bytes, Bytes> model =
                            within(TestRow.visible(rows, EVERYTHING), range);
                    if (order == Order.DESCENDING) model = model.descendingMap();

                    var cursor =
                            new VisibleCursor(new RowList(rows, order), range, order, EVERYTHING);

                    for (int i = 0; i < 20; i++) {
                        int steps = random.nextInt(3);
                        List<String> expected = pairs(model).stream().limit(steps).toList();
                        assertEquals(expected, pairs(cursor, steps), "seed=" + seed);
                        for (int step = 0; step < expected.size(); step++) model.pollFirstEntry();
                        if (expected.size() < steps) break;
                        Bytes target = Bytes.utf8("k%04d".formatted(random.nextInt(60)));
                        cursor.seek(target);
                        int sign = order == Order.ASCENDING ? 1 : -1;
                        model.keySet().removeIf(key -> sign * key.compareTo(target) < 0);
                    }
                });
    }

    @Test
    void shouldObserveTombstonesAndNothingOutsideOfTheRange() {
        List<TestRow> rows =
                List.of(TestRow.put("a", 1, "1"), TestRow.delete("b", 7), TestRow.put("c", 9, "3"));
        var range = new KeyRange(null, Bytes.utf8("c"));

        var cursor =
                new VisibleCursor(
                        new RowList(rows, Order.ASCENDING), range, Order.ASCENDING, EVERYTHING);

        assertEquals(List.of("a=1"), pairs(cursor, 10));
        assertEquals(7, cursor.observedSeq());
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayThatTheOperatorIsMissingWhenAMergedRowIsMet(Order order) {
        var rows = new RowList(List.of(TestRow.merge("a", 1, "x")), order);
        var visibility = new Visibility(9, 0, null);

        var cursor = new VisibleCursor(rows, KeyRange.all(), order, visibility);

        var failure = assertThrows(StorageException.Invalid.class, cursor::next);
        assertEquals("merged row met without a merge operator. key=`a`", failure.getMessage());
    }

    private static KeyRange someRange(Random random) {
        Bytes start = Bytes.utf8("k%04d".formatted(random.nextInt(60)));
        Bytes end = Bytes.utf8("k%04d".formatted(random.nextInt(60)));
        return switch (random.nextInt(5)) {
            case 0 -> KeyRange.from(start);
            case 1 -> new KeyRange(null, end);
            case 2 -> KeyRange.of(start, end);
            case 3 -> KeyRange.prefix(Bytes.utf8("k00" + random.nextInt(6)));
            default -> KeyRange.all();
        };
    }

    private static NavigableMap<Bytes, Bytes> within(
            NavigableMap<Bytes, Bytes> map, KeyRange range) {
        map.keySet().removeIf(key -> !range.contains(key));
        return map;
    }

    private static List<String> pairs(NavigableMap<Bytes, Bytes> map) {
        return map.entrySet().stream()
                .map(pair -> pair.getKey().toUtf8() + "=" + pair.getValue().toUtf8())
                .toList();
    }

    private static List<String> pairs(VisibleCursor cursor, int limit) {
        var pairs = new ArrayList<String>();
        while (pairs.size() < limit && cursor.next()) {
            Bytes key = Bytes.copyOf(cursor.keyArray(), 0, cursor.keyLength());
            Bytes value =
                    Bytes.copyOf(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
            pairs.add(key.toUtf8() + "=" + value.toUtf8());
        }
        return pairs;
    }
}
