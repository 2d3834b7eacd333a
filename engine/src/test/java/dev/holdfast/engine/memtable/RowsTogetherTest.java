package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.CursorContract;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Rows that are linked many at a time stand where they would stand had they come one by one.
class RowsTogetherTest implements CursorContract {
    @Override
    public RowCursor cursorOver(List<TestRow> rows, Order order) {
        var random = new Random(rows.size());
        var memtable = new Memtable();
        for (TestRow row : rows) {
            var one = new RowList(List.of(row), Order.ASCENDING);
            one.next();
            memtable.add(one);
            if (random.nextInt(50) == 0) memtable.cursor(order).next();
        }
        assertEquals(rows.size(), memtable.rows());
        return memtable.cursor(order);
    }

    @Test
    void shouldHoldTheLastWriteOfEachKeyOfEachBatch() {
        Seeds.fresh(20)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var memtable = new Memtable();
                    // By key, then the newest first.
                    var model = new TreeMap<String, String>();
                    for (long seq = 1; seq <= 60; seq++) {
                        var batch = new WriteBatch();
                        int rows = 1 + random.nextInt(random.nextInt(3) == 0 ? 300 : 3);
                        for (int i = 0; i < rows; i++) {
                            String key = "key%05d".formatted(random.nextInt(2000));
                            batch.put(Bytes.utf8(key), Bytes.utf8(seq + "." + i));
                            model.put(key + " " + (1000 - seq), seq + "." + i);
                        }
                        memtable.apply(batch.cursor(), seq, 7);
                        if (random.nextInt(10) == 0) values(memtable.cursor(Order.ASCENDING));
                    }

                    List<String> ascending = values(memtable.cursor(Order.ASCENDING));

                    assertEquals(List.copyOf(model.values()), ascending, "seed=" + seed);
                    assertEquals(
                            ascending.reversed(),
                            values(memtable.cursor(Order.DESCENDING)),
                            "seed=" + seed);
                    assertEquals(model.size(), memtable.rows(), "seed=" + seed);
                });
    }

    private static List<String> values(RowCursor rows) {
        var values = new ArrayList<String>();
        try (rows) {
            while (rows.next())
                values.add(
                        Bytes.wrap(rows.valueArray(), rows.valueOffset(), rows.valueLength())
                                .toUtf8());
        }
        return values;
    }
}
