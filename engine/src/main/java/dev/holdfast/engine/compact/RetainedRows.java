package dev.holdfast.engine.compact;

import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.compact.rows.Retention;
import dev.holdfast.engine.iter.ForwardingCursor;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/// What a compaction keeps of the merged rows of its sources.
///
/// Invariants:
/// 1. A reader at any sequence number from [Retention#seqMin] on sees the same before and after.
/// 2. Rows are dropped, or become tombstones once they have expired; nothing else changes.
///
/// Walks upwards. Not thread-safe; closes the rows it walks over.
final class RetainedRows extends ForwardingCursor {
    private static final byte[] NOTHING = new byte[0];

    private final RowCursor rows;
    private final Retention retention;
    private final BooleanSupplier isCut;
    private byte[] key = new byte[64];
    private int keyLength = -1;
    private boolean isSettled; // every older row of the key is hidden from everybody
    private boolean isExpired;
    private long read;
    private long kept;
    private long hidden;
    private long tombstones;
    private long expired;

    /// `rows` walk upwards, newest first of each key, and stand before the first. Soon after
    /// `isCut` becomes true, also among rows that are dropped, a step throws [CompactionCut].
    RetainedRows(RowCursor rows, Retention retention, BooleanSupplier isCut) {
        super(rows);
        this.rows = rows;
        this.retention = retention;
        this.isCut = isCut;
    }

    @Override
    public boolean next() {
        while (rows.next()) {
            // At each row: behind it may lie a table, and answers of a slow store.
            if (isCut.getAsBoolean()) throw new CompactionCut();
            read++;
            if (!isSameKey()) {
                takeKey();
                isSettled = false;
            }
            if (isSettled) {
                hidden++;
            } else if (isKept()) {
                kept++;
                return true;
            } else if (isExpired) {
                expired++;
            } else {
                tombstones++;
            }
        }
        return false;
    }

    private boolean isKept() {
        int flags = rows.flags();
        isExpired =
                (flags & RowFlags.HAS_EXPIRY) != 0
                        && rows.expireAtMillis() <= retention.nowMillis();
        // An expired operand counts for nobody, and hides nothing.
        if ((flags & RowFlags.MERGE) != 0) return !isExpired;
        boolean isForAll = rows.seq() <= retention.seqMin();
        if (isForAll) isSettled = true;
        boolean isGone = isExpired || (flags & RowFlags.TOMBSTONE) != 0;
        return !(isGone && isForAll && retention.isBottom());
    }

    private boolean isSameKey() {
        int from = rows.keyOffset();
        return keyLength == rows.keyLength()
                && Arrays.equals(key, 0, keyLength, rows.keyArray(), from, from + rows.keyLength());
    }

    private void takeKey() {
        keyLength = rows.keyLength();
        if (key.length < keyLength) key = new byte[Math.max(keyLength, 2 * key.length)];
        System.arraycopy(rows.keyArray(), rows.keyOffset(), key, 0, keyLength);
    }

    /// How many rows were read, and why some were not shown.
    DbStats.Rows rows() {
        return new DbStats.Rows(read, hidden, tombstones, expired);
    }

    /// How many rows were shown.
    long kept() {
        return kept;
    }

    @Override
    public void seek(byte[] target, int offset, int length) {
        rows.seek(target, offset, length);
        keyLength = -1;
    }

    @Override
    public byte[] valueArray() {
        return isExpired ? NOTHING : rows.valueArray();
    }

    @Override
    public int valueOffset() {
        return isExpired ? 0 : rows.valueOffset();
    }

    @Override
    public int valueLength() {
        return isExpired ? 0 : rows.valueLength();
    }

    @Override
    public int flags() {
        if (!isExpired) return rows.flags();
        return RowFlags.TOMBSTONE | (rows.flags() & RowFlags.HAS_CREATION);
    }

    @Override
    public void close() {
        rows.close();
    }
}
