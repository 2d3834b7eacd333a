package dev.holdfast.engine.iter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A row as a plain object, for models and for sources made by hand.
public record TestRow(Bytes key, long seq, int flags, Bytes value, long expireAt, long createdAt) {
    /// The order of rows in a table.
    public static final Comparator<TestRow> ORDER =
            Comparator.comparing(TestRow::key)
                    .thenComparing(Comparator.comparingLong(TestRow::seq).reversed());

    /// Joins operands with what exists.
    public static final MergeOperator CONCATENATE =
            (key, existing, operands) -> {
                var all = new StringBuilder(existing == null ? "" : existing.toUtf8());
                operands.forEach(operand -> all.append(operand.toUtf8()));
                return Bytes.utf8(all.toString());
            };

    /// A put.
    public static TestRow put(String key, long seq, String value) {
        return new TestRow(Bytes.utf8(key), seq, RowFlags.HAS_CREATION, Bytes.utf8(value), 0, seq);
    }

    /// A put that expires.
    public static TestRow put(String key, long seq, String value, long expireAt) {
        int flags = RowFlags.HAS_CREATION | RowFlags.HAS_EXPIRY;
        return new TestRow(Bytes.utf8(key), seq, flags, Bytes.utf8(value), expireAt, seq);
    }

    /// A tombstone.
    public static TestRow delete(String key, long seq) {
        int flags = RowFlags.HAS_CREATION | RowFlags.TOMBSTONE;
        return new TestRow(Bytes.utf8(key), seq, flags, Bytes.EMPTY, 0, seq);
    }

    /// An operand.
    public static TestRow merge(String key, long seq, String value) {
        int flags = RowFlags.HAS_CREATION | RowFlags.MERGE;
        return new TestRow(Bytes.utf8(key), seq, flags, Bytes.utf8(value), 0, seq);
    }

    /// An operand that expires.
    public static TestRow merge(String key, long seq, String value, long expireAt) {
        int flags = RowFlags.HAS_CREATION | RowFlags.MERGE | RowFlags.HAS_EXPIRY;
        return new TestRow(Bytes.utf8(key), seq, flags, Bytes.utf8(value), expireAt, seq);
    }

    /// One of `keys` keys, put, deleted or merged, some with an expiry in `[0, 100)`.
    public static TestRow random(RandomGenerator random, long seq, int keys) {
        String key = "k%04d".formatted(random.nextInt(keys));
        String value = seq + "." + "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 300 : 10));
        return switch (random.nextInt(9)) {
            case 0, 1 -> delete(key, seq);
            case 2 -> merge(key, seq, value);
            case 8 -> merge(key, seq, value, 10 * random.nextInt(10));
            case 3 -> put(key, seq, value, random.nextInt(100));
            default -> put(key, seq, value);
        };
    }

    /// What a cursor stands on.
    public static TestRow of(RowCursor row) {
        int flags = row.flags();
        return new TestRow(
                Bytes.copyOf(row.keyArray(), row.keyOffset(), row.keyLength()),
                row.seq(),
                flags,
                Bytes.copyOf(row.valueArray(), row.valueOffset(), row.valueLength()),
                (flags & RowFlags.HAS_EXPIRY) != 0 ? row.expireAtMillis() : 0,
                (flags & RowFlags.HAS_CREATION) != 0 ? row.createdAtMillis() : 0);
    }

    /// All rows that are left of `cursor`.
    public static List<TestRow> drain(RowCursor cursor) {
        var rows = new ArrayList<TestRow>();
        while (cursor.next()) rows.add(of(cursor));
        return rows;
    }

    /// The rows in the order of a walk.
    public static List<TestRow> sorted(List<TestRow> rows, Order order) {
        var sorted = new ArrayList<>(rows);
        sorted.sort(order == Order.ASCENDING ? ORDER : ORDER.reversed());
        return sorted;
    }

    /// What a reader sees of `rows`, by the plainest means.
    public static TreeMap<Bytes, Bytes> visible(List<TestRow> rows, Visibility visibility) {
        var live = new TreeMap<Bytes, Bytes>();
        for (TestRow row : sorted(rows, Order.DESCENDING)) {
            if (visibility.seqMax() < row.seq) continue;
            boolean isExpired =
                    (row.flags & RowFlags.HAS_EXPIRY) != 0
                            && row.expireAt <= visibility.nowMillis();
            boolean isMerge = (row.flags & RowFlags.MERGE) != 0;
            if (isMerge && isExpired) continue;
            if (isMerge) live.merge(row.key, row.value, TestRow::joined);
            else if (isExpired || (row.flags & RowFlags.TOMBSTONE) != 0) live.remove(row.key);
            else live.put(row.key, row.value);
        }
        return live;
    }

    private static Bytes joined(@Nullable Bytes existing, Bytes operand) {
        return CONCATENATE.merge(operand, existing, List.of(operand));
    }
}
