package dev.holdfast.engine.iter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FoldedRowsTest {
    private static List<TestRow> folded(List<TestRow> rows, MergeOperator operator, long seqMin) {
        return TestRow.drain(FoldedRows.of(new RowList(rows, Order.ASCENDING), operator, seqMin));
    }

    @Test
    void shouldShowEveryReaderTheSameAtAnyTime() {
        Seeds.fresh(300)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var rows = new ArrayList<TestRow>();
                    int count = 1 + random.nextInt(120);
                    int keys = 1 + random.nextInt(8);
                    for (int seq = 1; seq <= count; seq++)
                        rows.add(TestRow.random(random, seq, keys));
                    long seqMin = random.nextInt(count + 2);

                    List<TestRow> folded = folded(rows, TestRow.CONCATENATE, seqMin);

                    assertEquals(TestRow.sorted(folded, Order.ASCENDING), folded, "seed=" + seed);
                    for (long seq = seqMin; seq <= count; seq += 1 + random.nextInt(9)) {
                        var reader = new Visibility(seq, random.nextInt(110), TestRow.CONCATENATE);
                        assertEquals(
                                TestRow.visible(rows, reader),
                                TestRow.visible(folded, reader),
                                "seed=" + seed + " seqMin=" + seqMin + " " + reader);
                    }
                });
    }

    @Test
    void shouldPutNeighboursOntoTheValueBelowThem() {
        var rows =
                List.of(
                        TestRow.merge("a", 9, "9"),
                        TestRow.merge("a", 8, "8", 70),
                        TestRow.merge("a", 7, "7", 70),
                        TestRow.merge("a", 6, "6"),
                        TestRow.merge("a", 5, "5"),
                        TestRow.put("a", 4, "4"),
                        TestRow.merge("b", 3, "3", 50),
                        TestRow.delete("b", 2));

        assertEquals(
                List.of(
                        TestRow.merge("a", 9, "9"),
                        TestRow.merge("a", 8, "78", 70),
                        TestRow.put("a", 6, "456"),
                        TestRow.put("b", 3, "3", 50)),
                folded(rows, TestRow.CONCATENATE, 9));
    }

    @Test
    void shouldLeaveAloneWhatAnOldReaderTellsApart() {
        var rows =
                List.of(
                        TestRow.merge("a", 4, "4"),
                        TestRow.merge("a", 3, "3"),
                        TestRow.merge("a", 2, "2"),
                        TestRow.put("a", 1, "1"));

        assertEquals(
                List.of(
                        TestRow.merge("a", 4, "4"),
                        TestRow.merge("a", 3, "3"),
                        TestRow.put("a", 2, "12")),
                folded(rows, TestRow.CONCATENATE, 2));
    }

    @Test
    void shouldLeaveRowsAsTheyAreWhereTheOperatorFails() {
        var rows =
                List.of(
                        TestRow.merge("a", 3, "3"),
                        TestRow.merge("a", 2, "2"),
                        TestRow.put("a", 1, "1"),
                        TestRow.put("b", 4, "4"));
        MergeOperator broken =
                (key, existing, operands) -> {
                    throw new IllegalStateException("broken");
                };

        assertEquals(rows, folded(rows, broken, 9));
    }

    @Test
    void shouldCombineManyOperandsInBoundedGroups() {
        var rows = new ArrayList<TestRow>();
        for (int seq = 5000; 0 < seq; seq--) rows.add(TestRow.merge("a", seq, "x"));

        List<TestRow> folded = folded(rows, TestRow.CONCATENATE, 5000);

        assertTrue(folded.size() <= 5, () -> "rows left: " + folded.size());
        var reader = new Visibility(5000, 0, TestRow.CONCATENATE);
        assertEquals(Bytes.utf8("x".repeat(5000)), TestRow.visible(folded, reader).get(key("a")));
    }

    private static Bytes key(String key) {
        return Bytes.utf8(key);
    }
}
