package dev.holdfast.engine.iter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.Order;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergeCursorTest implements CursorContract {
    @Override
    public RowCursor cursorOver(List<TestRow> rows, Order order) {
        var random = new Random(rows.size());
        int count = 1 + random.nextInt(9);
        var parts = new ArrayList<List<TestRow>>();
        for (int i = 0; i < count; i++) parts.add(new ArrayList<>());
        rows.forEach(row -> parts.get(random.nextInt(count)).add(row));
        return MergeCursor.of(parts.stream().map(part -> new RowList(part, order)).toList(), order);
    }

    @Test
    void shouldShowTheEarlierSourceFirstWhenRowsAreEqual() {
        var newer = new RowList(List.of(TestRow.put("a", 1, "newer")), Order.ASCENDING);
        var older = new RowList(List.of(TestRow.put("a", 1, "older")), Order.ASCENDING);

        RowCursor merged = MergeCursor.of(List.of(newer, older), Order.ASCENDING);

        assertEquals(
                List.of(TestRow.put("a", 1, "newer"), TestRow.put("a", 1, "older")),
                TestRow.drain(merged));
    }

    @Test
    void shouldBeEmptyWhenThereIsNoSource() {
        assertFalse(MergeCursor.of(List.of(), Order.DESCENDING).next());
    }

    @Test
    void shouldCloseEverySourceWhenClosed() {
        var sources =
                List.of(
                        new RowList(List.of(), Order.ASCENDING),
                        new RowList(List.of(TestRow.delete("a", 1)), Order.ASCENDING));

        MergeCursor.of(sources, Order.ASCENDING).close();

        assertTrue(sources.stream().allMatch(RowList::isClosed));
    }
}
