package dev.holdfast.format;

import dev.holdfast.format.row.RowCursor;
import java.util.List;

/// Walks a list of rows.
public final class RowListCursor implements RowCursor {
    private final List<Row> rows;
    private int next;

    public RowListCursor(List<Row> rows) {
        this.rows = rows;
    }

    @Override
    public boolean next() {
        if (next == rows.size()) return false;
        next++;
        return true;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    private Row row() {
        return rows.get(next - 1);
    }

    @Override
    public byte[] keyArray() {
        return row().key().array();
    }

    @Override
    public int keyOffset() {
        return row().key().offset();
    }

    @Override
    public int keyLength() {
        return row().key().length();
    }

    @Override
    public byte[] valueArray() {
        return row().value().array();
    }

    @Override
    public int valueOffset() {
        return row().value().offset();
    }

    @Override
    public int valueLength() {
        return row().value().length();
    }

    @Override
    public long seq() {
        return row().seq();
    }

    @Override
    public int flags() {
        return row().flags();
    }

    @Override
    public long expireAtMillis() {
        return row().expireAt();
    }

    @Override
    public long createdAtMillis() {
        return row().createdAt();
    }

    @Override
    public void close() {}
}
