package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.iter.VisibleCursor;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Keys that are written all the time, and who reads them meanwhile.
class ManyRowsOfAKeyTest {
    private static final int ROWS_OF_A_KEY = 50_000;
    private static final int KEYS = 6;
    private static final KeyRange RANGE = KeyRange.of(Bytes.utf8("k1"), Bytes.utf8("k5"));

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
    void shouldShowAFewOfThemToAReader() {
        var memtable = new Memtable();
        long seq = 0;
        for (int i = 0; i < ROWS_OF_A_KEY; i++)
            for (String key : List.of("a", "hot", "z"))
                memtable.apply(
                        new WriteBatch().put(Bytes.utf8(key), Bytes.EMPTY).cursor(), ++seq, 0);
        for (Order order : Order.values())
            for (long seqMax : List.of(1L, 3L, seq / 2, seq)) {
                List<TestRow> shown = TestRow.drain(memtable.cursor(order, seqMax));
                assertTrue(shown.size() < 50, order + " at " + seqMax + ": " + shown.size());
            }
    }

    @Test
    void shouldShowTheSamePairsAsAWalkOverAllRows() {
        Seeds.fresh(200)
                .forEach(seed -> {
                    var random = new Random(seed);
                    Memtable memtable = filled(random);
                    for (Order order : Order.values()) {
                        long seqMax = random.nextInt((int) memtable.lastSeq() + 2);
                        long newerThan = random.nextInt(3) == 0 ? random.nextInt(200) : 0;
                        var seen = new Visibility(seqMax, 500, new Joining(), newerThan);
                        assertEquals(
                                pairs(memtable.cursor(order), order, seen),
                                pairs(memtable.cursor(order, seqMax), order, seen),
                                "seed=" + seed + ", " + order + " at " + seqMax);
                        assertEquals(
                                pairs(memtable.cursor(order), order, seen),
                                pairs(pickedOut(seed, order, seqMax), order, seen),
                                "picked out: seed=" + seed + ", " + order + " at " + seqMax);
                    }
                });
    }

    private static Memtable filled(Random random) {
        var memtable = new Memtable();
        int mergesIn = 1 + random.nextInt(10);
        for (int seq = 1; seq <= 300; seq++) {
            Bytes key = Bytes.utf8("k" + random.nextInt(KEYS));
            var batch = new WriteBatch();
            Bytes value = Bytes.utf8("," + seq);
            if (random.nextInt(mergesIn) == 0) batch.merge(key, value);
            else if (random.nextInt(5) == 0) batch.delete(key);
            else if (random.nextInt(5) == 0) batch.put(key, value, 400 + random.nextInt(200));
            else batch.put(key, value);
            memtable.apply(batch.cursor(), seq, 0);
        }
        return memtable;
    }

    // As long as nothing is linked.
    private static RowCursor pickedOut(long seed, Order order, long seqMax) {
        return filled(new Random(seed)).cursor(RANGE, order, seqMax);
    }

    private static List<String> pairs(RowCursor rows, Order order, Visibility seen) {
        var pairs = new ArrayList<String>();
        try (var cursor = new VisibleCursor(rows, RANGE, order, seen)) {
            while (cursor.next())
                pairs.add(
                        Bytes.copyOf(cursor.keyArray(), 0, cursor.keyLength()).toUtf8()
                                + "="
                                + Bytes.copyOf(
                                                cursor.valueArray(),
                                                cursor.valueOffset(),
                                                cursor.valueLength())
                                        .toUtf8());
        }
        return pairs;
    }
}
