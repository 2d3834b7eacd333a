package dev.holdfast.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.iter.CursorContract;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.filter.SipHash;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunReaderTest implements CursorContract {
    private final TestTables tables = new TestTables();

    @Override
    public RowCursor cursorOver(List<TestRow> rows, Order order) {
        return run(rows).cursor(KeyRange.all(), order);
    }

    // Cut anywhere, also between two rows of one key.
    private RunReader run(List<TestRow> rows) {
        var random = new Random(rows.size());
        List<TestRow> sorted = TestRow.sorted(rows, Order.ASCENDING);
        var parts = new ArrayList<SstReader>();
        for (int from = 0; from < sorted.size(); ) {
            int to = Math.min(sorted.size(), from + 1 + random.nextInt(120));
            parts.add(tables.table(sorted.subList(from, to)));
            from = to;
        }
        return new RunReader(7, parts);
    }

    @Test
    void shouldFindTheNewestRowThoughVersionsGoOnInTheNextTable() {
        Seeds.fresh(6)
                .forEach(seed -> {
                    var random = new Random(seed);
                    List<TestRow> rows = someRows(random);
                    RunReader run = run(rows);
                    var found = new FoundRow();
                    for (int i = 0; i < 300; i++) {
                        Bytes key = Bytes.utf8("k%04d".formatted(random.nextInt(220)));
                        long seqMax = random.nextInt(rows.size() + 2);
                        long hash = SipHash.of(key.array(), key.offset(), key.length());
                        String actual =
                                run.find(key, hash, seqMax, found, Reach.STORE)
                                        ? SstReaderTest.text(found)
                                        : null;
                        assertEquals(
                                SstReaderTest.newest(rows, key, seqMax), actual, "seed=" + seed);
                    }
                });
    }

    @Test
    void shouldOpenOnlyTheTablesThatAScanComesTo() {
        var parts = new ArrayList<SstReader>();
        for (int i = 0; i < 10; i++)
            parts.add(tables.table(SstReaderTest.keys(i * 10, i * 10 + 10)));
        var run = new RunReader(1, parts);
        long before = tables.store.calls();

        RowCursor cursor = run.cursor(KeyRange.all(), Order.ASCENDING);
        Bytes key = SstReaderTest.key(55);
        cursor.seek(key.array(), key.offset(), key.length());
        cursor.next();

        // The end of the table with its index, the block.
        assertEquals(2, tables.store.calls() - before);
    }

    @Test
    void shouldRefuseTablesThatOverlap() {
        SstReader first = tables.table(SstReaderTest.keys(0, 20));
        SstReader second = tables.table(SstReaderTest.keys(10, 30));

        assertThrows(CorruptData.class, () -> new RunReader(1, List.of(first, second)));
    }
}
