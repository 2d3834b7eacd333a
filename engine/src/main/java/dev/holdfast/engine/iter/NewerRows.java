package dev.holdfast.engine.iter;

import dev.holdfast.format.row.RowCursor;

/// The rows of another cursor whose sequence number is above a bound.
public final class NewerRows implements RowCursor {
    private final RowCursor rows;
    private final long seq;

    /// The rows of `rows` above `seq`.
    public NewerRows(RowCursor rows, long seq) {
        this.rows = rows;
        this.seq = seq;
    }

    @Override
    public boolean next() {
        while (rows.next()) if (seq < rows.seq()) return true;
        return false;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        rows.seek(key, offset, length);
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
