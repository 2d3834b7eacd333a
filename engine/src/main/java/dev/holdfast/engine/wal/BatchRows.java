package dev.holdfast.engine.wal;

import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;

/// The rows of one batch as the log writes them: in the order of the batch, under one sequence
/// number and one time.
final class BatchRows implements RowCursor {
    private final BatchCursor batch;
    private final long seq;
    private final long createdAtMillis;

    BatchRows(BatchCursor batch, long seq, long createdAtMillis) {
        this.batch = batch;
        this.seq = seq;
        this.createdAtMillis = createdAtMillis;
    }

    @Override
    public boolean next() {
        return batch.next();
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        throw new UnsupportedOperationException("a batch is not in key order");
    }

    @Override
    public byte[] keyArray() {
        return batch.array();
    }

    @Override
    public int keyOffset() {
        return batch.keyOffset();
    }

    @Override
    public int keyLength() {
        return batch.keyLength();
    }

    @Override
    public byte[] valueArray() {
        return batch.array();
    }

    @Override
    public int valueOffset() {
        return batch.valueOffset();
    }

    @Override
    public int valueLength() {
        return batch.valueLength();
    }

    @Override
    public long seq() {
        return seq;
    }

    @Override
    public int flags() {
        int flags = RowFlags.HAS_CREATION;
        if (batch.isDelete()) flags |= RowFlags.TOMBSTONE;
        if (batch.hasExpiry()) flags |= RowFlags.HAS_EXPIRY;
        if (batch.isMerge()) flags |= RowFlags.MERGE;
        return flags;
    }

    @Override
    public long expireAtMillis() {
        return batch.expireAtMillis();
    }

    @Override
    public long createdAtMillis() {
        return createdAtMillis;
    }

    @Override
    public void close() {}
}
