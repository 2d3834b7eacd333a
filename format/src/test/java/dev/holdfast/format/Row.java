package dev.holdfast.format;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One row as a value, to compare.
public record Row(Bytes key, Bytes value, long seq, int flags, long expireAt, long createdAt) {
    /// The order of rows in a compacted table.
    public static final Comparator<Row> TABLE_ORDER =
            Comparator.comparing(Row::key)
                    .thenComparing(Comparator.comparingLong(Row::seq).reversed());

    public static Row put(String key, String value, long seq) {
        return new Row(
                Bytes.utf8(key), Bytes.utf8(value), seq, RowFlags.HAS_CREATION, 0, 1_000 + seq);
    }

    /// The row at which the cursor stands.
    public static Row at(RowCursor cursor) {
        int flags = cursor.flags();
        return new Row(
                Bytes.copyOf(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength()),
                Bytes.copyOf(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength()),
                cursor.seq(),
                flags,
                (flags & RowFlags.HAS_EXPIRY) == 0 ? 0 : cursor.expireAtMillis(),
                (flags & RowFlags.HAS_CREATION) == 0 ? 0 : cursor.createdAtMillis());
    }

    /// All rows that are left.
    public static List<Row> drain(RowCursor cursor) {
        var rows = new ArrayList<Row>();
        while (cursor.next()) rows.add(at(cursor));
        if (cursor.next()) throw new AssertionError("a cursor came back from its end");
        return rows;
    }
}
