package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.row.RowCursor;

/// The rows that come after one row, in key order and newest first of each key: where a compaction
/// that was cut goes on. Not thread-safe; closes the rows it walks over.
final class RowsBehind implements RowCursor {
    private final RowCursor rows;
    private final Bytes key;
    private final long seq;
    private boolean isBehind;

    /// `rows` stand before `key`'s rows, or among them.
    RowsBehind(RowCursor rows, Bytes key, long seq) {
        this.rows = rows;
        this.key = key;
        this.seq = seq;
    }

    @Override
    public boolean next() {
        while (rows.next()) {
            if (isBehind || comesAfter()) {
                isBehind = true;
                return true;
            }
        }
        return false;
    }

    private boolean comesAfter() {
        int comparison =
                Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength()).compareTo(key);
        return comparison == 0 ? rows.seq() < seq : 0 < comparison;
    }

    @Override
    public void seek(byte[] target, int offset, int length) {
        rows.seek(target, offset, length);
    }

    @Override
    public byte[] keyArray() {
        return rows.keyArray();
    }

    @Override
    public int keyOffset() {
        return rows.keyOffset();
    }

    @Override
    public int keyLength() {
        return rows.keyLength();
    }

    @Override
    public byte[] valueArray() {
        return rows.valueArray();
    }

    @Override
    public int valueOffset() {
        return rows.valueOffset();
    }

    @Override
    public int valueLength() {
        return rows.valueLength();
    }

    @Override
    public long seq() {
        return rows.seq();
    }

    @Override
    public int flags() {
        return rows.flags();
    }

    @Override
    public long expireAtMillis() {
        return rows.expireAtMillis();
    }

    @Override
    public long createdAtMillis() {
        return rows.createdAtMillis();
    }

    @Override
    public void close() {
        rows.close();
    }
}
