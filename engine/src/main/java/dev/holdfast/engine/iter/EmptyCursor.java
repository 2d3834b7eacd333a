package dev.holdfast.engine.iter;

import dev.holdfast.format.row.RowCursor;

/// A walk over no rows.
public final class EmptyCursor implements RowCursor {
    @Override
    public boolean next() {
        return false;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {}

    @Override
    public byte[] keyArray() {
        throw noRow();
    }

    @Override
    public int keyOffset() {
        throw noRow();
    }

    @Override
    public int keyLength() {
        throw noRow();
    }

    @Override
    public byte[] valueArray() {
        throw noRow();
    }

    @Override
    public int valueOffset() {
        throw noRow();
    }

    @Override
    public int valueLength() {
        throw noRow();
    }

    @Override
    public long seq() {
        throw noRow();
    }

    @Override
    public int flags() {
        throw noRow();
    }

    @Override
    public long expireAtMillis() {
        throw noRow();
    }

    @Override
    public long createdAtMillis() {
        throw noRow();
    }

    @Override
    public void close() {}

    private static IllegalStateException noRow() {
        return new IllegalStateException("stands on no row");
    }
}
