package dev.holdfast.engine.iter;

import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;

/// What another cursor shows, asked of it once a row: for who asks much of rows that come through
/// many hands. Not thread-safe; closes the rows it walks over.
public final class SteadyRows implements RowCursor {
    private final RowCursor rows;
    private byte[] keyArray = {};
    private int keyOffset;
    private int keyLength;
    private byte[] valueArray = {};
    private int valueOffset;
    private int valueLength;
    private long seq;
    private int flags;
    private long expireAtMillis;
    private long createdAtMillis;

    public SteadyRows(RowCursor rows) {
        this.rows = rows;
    }

    @Override
    public boolean next() {
        if (!rows.next()) return false;
        keyArray = rows.keyArray();
        keyOffset = rows.keyOffset();
        keyLength = rows.keyLength();
        valueArray = rows.valueArray();
        valueOffset = rows.valueOffset();
        valueLength = rows.valueLength();
        seq = rows.seq();
        flags = rows.flags();
        expireAtMillis = (flags & RowFlags.HAS_EXPIRY) == 0 ? 0 : rows.expireAtMillis();
        createdAtMillis = (flags & RowFlags.HAS_CREATION) == 0 ? 0 : rows.createdAtMillis();
        return true;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        rows.seek(key, offset, length);
    }

    @Override
    public void seekBeyond(byte[] key, int offset, int length) {
        rows.seekBeyond(key, offset, length);
    }

    @Override
    public byte[] keyArray() {
        return keyArray;
    }

    @Override
    public int keyOffset() {
        return keyOffset;
    }

    @Override
    public int keyLength() {
        return keyLength;
    }

    @Override
    public byte[] valueArray() {
        return valueArray;
    }

    @Override
    public int valueOffset() {
        return valueOffset;
    }

    @Override
    public int valueLength() {
        return valueLength;
    }

    @Override
    public long seq() {
        return seq;
    }

    @Override
    public int flags() {
        return flags;
    }

    @Override
    public long expireAtMillis() {
        return expireAtMillis;
    }

    @Override
    public long createdAtMillis() {
        return createdAtMillis;
    }

    @Override
    public void close() {
        rows.close();
    }
}
