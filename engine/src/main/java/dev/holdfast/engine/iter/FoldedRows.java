package dev.holdfast.engine.iter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.lifecycle.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows with neighbouring operands of a key combined, and put onto the value below them.
///
/// Invariants:
/// 1. A reader at any sequence number from `seqMin` on sees the same, at any time: only rows at or
///    below it are combined, and only such that expire together.
/// 2. A combined row has the number and the creation time of the newest row in it.
/// 3. What the operator fails at stays as it is.
///
/// Walks upwards, newest first of each key. Not thread-safe; closes the rows it walks over.
public final class FoldedRows implements RowCursor {
    private static final System.Logger LOG = System.getLogger(FoldedRows.class.getName());
    private static final int ROWS_MAX = 1024; // what is left is combined the next time
    private static final long BYTES_MAX = 4 << 20;

    private final RowCursor rows;
    private final MergeOperator operator;
    private final long seqMin;
    private final ArrayDeque<Held> waiting = new ArrayDeque<>();
    private @Nullable Held shown; // null: what `rows` stands on is shown
    private boolean isRowPending;
    private boolean hasFailed;

    /// A row by itself.
    private record Held(Bytes key, Bytes value, long seq, int flags, long expires, long created) {
        static Held of(RowCursor row) {
            int flags = row.flags();
            return new Held(
                    Bytes.copyOf(row.keyArray(), row.keyOffset(), row.keyLength()),
                    Bytes.copyOf(row.valueArray(), row.valueOffset(), row.valueLength()),
                    row.seq(),
                    flags,
                    (flags & RowFlags.HAS_EXPIRY) != 0 ? row.expireAtMillis() : 0,
                    (flags & RowFlags.HAS_CREATION) != 0 ? row.createdAtMillis() : 0);
        }

        boolean isMerge() {
            return (flags & RowFlags.MERGE) != 0;
        }

        boolean isTombstone() {
            return (flags & RowFlags.TOMBSTONE) != 0;
        }

        boolean expiresWith(Held other) {
            int mask = RowFlags.HAS_EXPIRY;
            return (flags & mask) == (other.flags & mask) && expires == other.expires;
        }

        // The newest of a group, with what has come of the group.
        Held as(Bytes merged, int kind) {
            int times = flags & (RowFlags.HAS_EXPIRY | RowFlags.HAS_CREATION);
            return new Held(key, merged, seq, times | kind, expires, created);
        }
    }

    private FoldedRows(RowCursor rows, MergeOperator operator, long seqMin) {
        this.rows = rows;
        this.operator = operator;
        this.seqMin = seqMin;
    }

    /// `rows`, which stand before the first, combined by `operator` as far as every reader from
    /// `seqMin` on allows; as they are if there is none.
    public static RowCursor of(RowCursor rows, @Nullable MergeOperator operator, long seqMin) {
        return operator == null ? rows : new FoldedRows(rows, operator, seqMin);
    }

    @Override
    public boolean next() {
        shown = waiting.poll();
        if (shown != null) return true;
        if (!isRowPending && !rows.next()) return false;
        isRowPending = false;
        boolean isFoldable = (rows.flags() & RowFlags.MERGE) != 0 && rows.seq() <= seqMin;
        if (isFoldable) fold();
        return true;
    }

    private void fold() {
        var group = new ArrayList<Held>();
        Held newest = Held.of(rows);
        group.add(newest);
        long bytes = newest.value.length();
        isRowPending = rows.next();
        boolean hasBase = false;
        while (isRowPending && !hasBase && group.size() < ROWS_MAX && isOfKey(newest.key)) {
            bytes += rows.valueLength();
            Held older = Held.of(rows);
            if (BYTES_MAX < bytes || !goesWith(newest, older)) break;
            group.add(older);
            hasBase = !older.isMerge();
            isRowPending = rows.next();
        }
        if (1 < group.size()) combine(group);
        else shown = newest;
    }

    // Where a key was removed there is nothing that could expire at another time.
    private static boolean goesWith(Held newest, Held older) {
        return older.isTombstone() || newest.expiresWith(older);
    }

    private void combine(List<Held> group) {
        Held newest = group.getFirst();
        Held oldest = group.getLast();
        int operands = oldest.isMerge() ? group.size() : group.size() - 1;
        boolean hasValue = !oldest.isMerge() && !oldest.isTombstone();
        Bytes existing = hasValue ? oldest.value : null;
        List<Bytes> oldestFirst =
                group.subList(0, operands).reversed().stream().map(Held::value).toList();
        Throwable failure =
                Task.attempt(() -> {
                    Bytes merged =
                            MergeOperands.merged(operator, newest.key, existing, oldestFirst);
                    shown = newest.as(merged, oldest.isMerge() ? RowFlags.MERGE : 0);
                });
        if (failure instanceof Error error) throw error;
        if (failure == null) return;
        if (!hasFailed)
            LOG.log(System.Logger.Level.WARNING, "operands stay: {0}", failure.getMessage());
        hasFailed = true;
        waiting.addAll(group);
        shown = waiting.poll();
    }

    private boolean isOfKey(Bytes key) {
        return key.equals(Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength()));
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        rows.seek(key, offset, length);
        waiting.clear();
        shown = null;
        isRowPending = false;
    }

    @Override
    public byte[] keyArray() {
        return shown == null ? rows.keyArray() : shown.key.array();
    }

    @Override
    public int keyOffset() {
        return shown == null ? rows.keyOffset() : shown.key.offset();
    }

    @Override
    public int keyLength() {
        return shown == null ? rows.keyLength() : shown.key.length();
    }

    @Override
    public byte[] valueArray() {
        return shown == null ? rows.valueArray() : shown.value.array();
    }

    @Override
    public int valueOffset() {
        return shown == null ? rows.valueOffset() : shown.value.offset();
    }

    @Override
    public int valueLength() {
        return shown == null ? rows.valueLength() : shown.value.length();
    }

    @Override
    public long seq() {
        return shown == null ? rows.seq() : shown.seq;
    }

    @Override
    public int flags() {
        return shown == null ? rows.flags() : shown.flags;
    }

    @Override
    public long expireAtMillis() {
        return shown == null ? rows.expireAtMillis() : shown.expires;
    }

    @Override
    public long createdAtMillis() {
        return shown == null ? rows.createdAtMillis() : shown.created;
    }

    @Override
    public void close() {
        rows.close();
    }
}
