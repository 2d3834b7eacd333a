package dev.holdfast.engine.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.compact.rows.Retention;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.format.row.RowFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RetainedRowsTest {
    private static final long NOW = 50;

    /// 10,000 random histories: whoever reads at the snapshot or later sees the same before and
    /// after, at any time from now on, with whatever is newer or older around it.
    @Test
    @Tag("CMP-03")
    @Tag("CMP-04")
    void shouldLookTheSameToEveryReaderThatCounts() {
        Seeds.fresh(10_000).forEach(this::checkOne);
    }

    private void checkOne(long seed) {
        // given
        var random = new Random(seed);
        int count = random.nextInt(60);
        int keys = 1 + random.nextInt(12);
        var all = new ArrayList<TestRow>();
        for (int seq = 1; seq <= count; seq++) all.add(TestRow.random(random, seq, keys));
        boolean isBottom = random.nextBoolean();
        int oldest = isBottom ? 0 : random.nextInt(count + 1);
        int newest = oldest + random.nextInt(count - oldest + 1);
        var retention = new Retention(random.nextInt(count + 2), NOW, isBottom);
        // when
        List<TestRow> compacted = compacted(all.subList(oldest, newest), retention);
        // then
        var after = new ArrayList<>(all.subList(0, oldest));
        after.addAll(compacted);
        after.addAll(all.subList(newest, count));
        for (long seq = retention.seqMin(); seq <= count + 1; seq++) {
            var reader = new Visibility(seq, NOW + random.nextInt(60), TestRow.CONCATENATE);
            assertEquals(
                    TestRow.visible(all, reader),
                    TestRow.visible(after, reader),
                    "seed=" + seed + ", reader at " + seq + ", " + retention);
        }
    }

    private static List<TestRow> compacted(List<TestRow> rows, Retention retention) {
        return TestRow.drain(
                new RetainedRows(new RowList(rows, Order.ASCENDING), retention, () -> false));
    }

    @Test
    void shouldKeepOneVersionForAllWhoReadAtTheSnapshotOrLater() {
        List<TestRow> rows =
                List.of(
                        TestRow.put("a", 1, "old"),
                        TestRow.put("a", 5, "snapshot"),
                        TestRow.put("a", 9, "new"));

        List<TestRow> kept = compacted(rows, new Retention(6, NOW, true));

        assertEquals(List.of(9L, 5L), kept.stream().map(TestRow::seq).toList());
    }

    @Test
    void shouldCountWhatItDropsByReason() {
        // given
        List<TestRow> rows =
                List.of(
                        TestRow.put("a", 1, "hidden"),
                        TestRow.put("a", 2, "seen"),
                        TestRow.delete("b", 3),
                        TestRow.put("c", 4, "gone", NOW));
        var retained =
                new RetainedRows(
                        new RowList(rows, Order.ASCENDING),
                        new Retention(9, NOW, true),
                        () -> false);
        // when
        TestRow.drain(retained);
        // then
        assertEquals(new DbStats.Rows(4, 1, 1, 1), retained.rows());
    }

    @Test
    void shouldDropATombstoneOnlyAtTheBottom() {
        List<TestRow> rows = List.of(TestRow.put("a", 1, "x"), TestRow.delete("a", 2));

        assertEquals(List.of(), compacted(rows, new Retention(9, NOW, true)));
        assertEquals(
                List.of(TestRow.delete("a", 2)), compacted(rows, new Retention(9, NOW, false)));
    }

    @Test
    void shouldTurnAnExpiredRowIntoATombstoneWhereSomethingMayLieBeneath() {
        List<TestRow> rows = List.of(TestRow.put("a", 2, "x", NOW));

        List<TestRow> kept = compacted(rows, new Retention(9, NOW, false));

        assertEquals(1, kept.size());
        assertEquals(
                RowFlags.TOMBSTONE | RowFlags.HAS_CREATION,
                kept.getFirst().flags(),
                "an expired row still hides what is older");
        assertEquals(Bytes.EMPTY, kept.getFirst().value());
        assertTrue(compacted(rows, new Retention(9, NOW, true)).isEmpty());
    }
}
