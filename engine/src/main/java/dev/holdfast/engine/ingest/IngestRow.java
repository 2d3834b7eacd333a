package dev.holdfast.engine.ingest;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;

/// The row of an ingest that is written next: a cursor that stands on it. Not thread-safe.
final class IngestRow implements RowCursor {
    private final long seq;
    private final long createdAtMillis;
    private Bytes key = Bytes.EMPTY;
    private Bytes value = Bytes.EMPTY;
    private int flags;
    private long expireAtMillis;

    IngestRow(long seq, long createdAtMillis) {
        this.seq = seq;
        this.createdAtMillis = createdAtMillis;
    }

    /// Stands on a pair that expires at `expireAtMillis`; never, if that is [Long#MAX_VALUE].
    IngestRow put(Bytes key, Bytes value, long expireAtMillis) {
        boolean expires = expireAtMillis != Long.MAX_VALUE;
        flags = RowFlags.HAS_CREATION | (expires ? RowFlags.HAS_EXPIRY : 0);
        this.key = key;
        this.value = value;
        this.expireAtMillis = expireAtMillis;
        return this;
    }

    /// Stands on the tombstone of `key`.
    IngestRow delete(Bytes key) {
        flags = RowFlags.HAS_CREATION | RowFlags.TOMBSTONE;
        this.key = key;
        value = Bytes.EMPTY;
        return this;
    }

    Bytes key() {
        return key;
    }

    @Override
    public boolean next() {
        return false;
    }

    @Override
    public void seek(byte[] target, int offset, int length) {
        throw new UnsupportedOperationException("one row at a time");
    }

    @Override
    public byte[] keyArray() {
        return key.array();
    }

    @Override
    public int keyOffset() {
        return key.offset();
    }

    @Override
    public int keyLength() {
        return key.length();
    }

    @Override
    public byte[] valueArray() {
        return value.array();
    }

    @Override
    public int valueOffset() {
        return value.offset();
    }

    @Override
    public int valueLength() {
        return value.length();
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
    public void close() {}
}
