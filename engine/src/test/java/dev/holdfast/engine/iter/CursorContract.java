package dev.holdfast.engine.iter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every sorted source of rows promises.
public interface CursorContract {
    /// A source over exactly `rows`, which come in the order of their sequence numbers.
    RowCursor cursorOver(List<TestRow> rows, Order order);

    /// Rows of few keys with many versions, some of them long.
    default List<TestRow> someRows(Random random) {
        var rows = new ArrayList<TestRow>();
        int keys = 1 + random.nextInt(200);
        int count = 1 + random.nextInt(1500);
        for (int seq = 1; seq <= count; seq++) rows.add(TestRow.random(random, seq, keys));
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    default void shouldShowEveryRowInOrder(Order order) {
        Seeds.fresh(6)
                .forEach(seed -> {
                    List<TestRow> rows = someRows(new Random(seed));

                    try (RowCursor cursor = cursorOver(rows, order)) {
                        assertEquals(
                                TestRow.sorted(rows, order), TestRow.drain(cursor), "seed=" + seed);
                        assertFalse(cursor.next(), "seed=" + seed);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    default void shouldStandBeforeTheFirstRowAtOrBeyondTheKeyWhenSought(Order order) {
        Seeds.fresh(6)
                .forEach(seed -> {
                    var random = new Random(seed);
                    List<TestRow> rows = someRows(random);
                    List<TestRow> sorted = TestRow.sorted(rows, order);

                    try (RowCursor cursor = cursorOver(rows, order)) {
                        for (int i = 0; i < 60; i++) {
                            Bytes target = someTarget(random);
                            cursor.seek(target.array(), target.offset(), target.length());
                            List<TestRow> expected =
                                    sorted.stream()
                                            .filter(row -> !isShortOf(row.key(), target, order))
                                            .limit(random.nextInt(50))
                                            .toList();
                            var seen = new ArrayList<TestRow>();
                            while (seen.size() < expected.size() && cursor.next())
                                seen.add(TestRow.of(cursor));
                            assertEquals(expected, seen, "seed=" + seed + " target=" + target);
                        }
                    }
                });
    }

    private static Bytes someTarget(Random random) {
        String key = "k%04d".formatted(random.nextInt(210));
        return switch (random.nextInt(8)) {
            case 0 -> Bytes.utf8("a");
            case 1 -> Bytes.utf8("z");
            case 2 -> Bytes.utf8(key + "x");
            case 3 -> Bytes.utf8(key.substring(0, 4));
            default -> Bytes.utf8(key);
        };
    }

    private static boolean isShortOf(Bytes key, Bytes target, Order order) {
        int comparison = key.compareTo(target);
        return order == Order.ASCENDING ? comparison < 0 : 0 < comparison;
    }
}
