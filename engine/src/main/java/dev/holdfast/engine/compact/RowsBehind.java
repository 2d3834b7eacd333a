package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.iter.ForwardingCursor;
import dev.holdfast.format.row.RowCursor;

/// The rows that come after one row, in key order and newest first of each key: where a compaction
/// that was cut goes on. Not thread-safe; closes the rows it walks over.
final class RowsBehind extends ForwardingCursor {
    private final RowCursor rows;
    private final Bytes key;
    private final long seq;
    private boolean isBehind;

    /// `rows` stand before `key`'s rows, or among them.
    RowsBehind(RowCursor rows, Bytes key, long seq) {
        super(rows);
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
    public void close() {
        rows.close();
    }
}
