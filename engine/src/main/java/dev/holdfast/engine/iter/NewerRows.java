package dev.holdfast.engine.iter;

import dev.holdfast.format.row.RowCursor;

/// The rows of another cursor whose sequence number is above a bound.
public final class NewerRows extends ForwardingCursor {
    private final RowCursor rows;
    private final long seq;

    /// The rows of `rows` above `seq`.
    public NewerRows(RowCursor rows, long seq) {
        super(rows);
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
    public void seekBeyond(byte[] key, int offset, int length) {
        rows.seekBeyond(key, offset, length);
    }

    @Override
    public void close() {
        rows.close();
    }
}
