package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.table.WalkPlan;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.work.FinishedTable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Reads tables back before they count: what is published was seen to be there, in order, and to be
/// what was meant. Some of what is read may stay in memory. Thread-safe.
final class TableCheck {
    private final TableStore tables;
    private final @Nullable KeptBlocks kept;

    /// @param kept what stays in memory; null if nothing does
    TableCheck(TableStore tables, @Nullable KeptBlocks kept) {
        this.tables = tables;
        this.kept = kept;
    }

    /// Throws `CorruptData` if the table's rows are not those that `finished` tells of, are out of
    /// order, or lie outside of `keys`; [CompactionCut] soon after `isCut` becomes true.
    void require(FinishedTable finished, KeyRange keys, BooleanSupplier isCut) {
        boolean stays =
                kept != null && kept.hasRoom(finished.table().properties().propertiesOffset());
        SstReader reader = tables.open(SstView.of(finished.table()));
        if (!isWithin(reader, keys)) throw wrong(finished, "rows outside of its part");
        try {
            if (stays) reader.readHead();
            WalkPlan plan = kept != null && stays ? kept.plan() : WalkPlan.ONCE;
            try (RowCursor rows = reader.cursor(KeyRange.all(), Order.ASCENDING, plan)) {
                require(rows, finished, isCut);
            }
            if (kept != null && stays) kept.take(reader);
        } finally {
            reader.forget();
        }
    }

    private void require(RowCursor rows, FinishedTable finished, BooleanSupplier isCut) {
        var actual = new RowDigest();
        var before = new LastRow();
        while (rows.next()) {
            actual.add(rows);
            if (!before.isFollowedBy(rows)) throw wrong(finished, "rows out of order");
            if (isCut.getAsBoolean()) throw new CompactionCut();
        }
        if (actual.rows() != finished.rows() || actual.value() != finished.digest())
            throw wrong(finished, "rows otherwise than they were written");
    }

    private static boolean isWithin(SstReader table, KeyRange keys) {
        Bytes start = keys.start();
        Bytes end = keys.end();
        return (start == null || start.compareTo(table.firstKey()) <= 0)
                && (end == null || table.lastKey().compareTo(end) < 0);
    }

    private CorruptData wrong(FinishedTable finished, String what) {
        return new CorruptData(
                "a table has %s. object=`%s`, rows=`%d`"
                        .formatted(what, tables.nameOf(finished.table().id()), finished.rows()),
                null);
    }

    /// The row before: keys rise, and the numbers of one key fall.
    private static final class LastRow {
        private byte[] key = new byte[64];
        private int length = -1;
        private long seq;

        boolean isFollowedBy(RowCursor rows) {
            Bytes next = Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
            int order = length < 0 ? -1 : Bytes.wrap(key, 0, length).compareTo(next);
            boolean isInOrder = order < 0 || (order == 0 && rows.seq() <= seq);
            seq = rows.seq();
            if (order != 0) take(next);
            return isInOrder;
        }

        private void take(Bytes next) {
            length = next.length();
            if (key.length < length) key = new byte[Math.max(length, 2 * key.length)];
            next.copyTo(key, 0);
        }
    }
}
