package dev.holdfast.engine.iter;

import dev.holdfast.format.row.RowCursor;

/// The rows of another cursor whose sequence number is at most a bound.
public final class OlderRows extends ForwardingCursor {
    private final RowCursor rows;
    private final long seqMax;

    /// The rows of `rows` up to `seqMax`.
    public OlderRows(RowCursor rows, long seqMax) {
        super(rows);
        this.rows = rows;
        this.seqMax = seqMax;
    }

    @Override
    public boolean next() {
        while (rows.next()) if (rows.seq() <= seqMax) return true;
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
