package dev.holdfast.engine.iter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.format.row.RowCursor;
import java.util.List;

/// A source over rows in a list, whose shown arrays turn to rubbish as soon as it moves.
public final class RowList implements RowCursor {
    private final List<TestRow> rows;
    private final Order order;
    private int at = -1;
    private byte[] key = new byte[0];
    private byte[] value = new byte[0];

    /// Open sources, so that a test can see that all were closed.
    private boolean isClosed;

    public RowList(List<TestRow> rows, Order order) {
        this.rows = TestRow.sorted(rows, order);
        this.order = order;
    }

    public boolean isClosed() {
        return isClosed;
    }

    @Override
    public boolean next() {
        spoil();
        if (at < rows.size()) at++;
        if (at >= rows.size()) return false;
        key = rows.get(at).key().toArray();
        value = rows.get(at).value().toArray();
        return true;
    }

    @Override
    public void seek(byte[] target, int offset, int length) {
        spoil();
        Bytes bound = Bytes.wrap(target, offset, length);
        int sign = order == Order.ASCENDING ? 1 : -1;
        at = 0;
        while (at < rows.size() && sign * rows.get(at).key().compareTo(bound) < 0) at++;
        at--;
    }

    private void spoil() {
        java.util.Arrays.fill(key, (byte) 0xEE);
        java.util.Arrays.fill(value, (byte) 0xEE);
    }

    @Override
    public byte[] keyArray() {
        return key;
    }

    @Override
    public int keyOffset() {
        return 0;
    }

    @Override
    public int keyLength() {
        return key.length;
    }

    @Override
    public byte[] valueArray() {
        return value;
    }

    @Override
    public int valueOffset() {
        return 0;
    }

    @Override
    public int valueLength() {
        return value.length;
    }

    @Override
    public long seq() {
        return rows.get(at).seq();
    }

    @Override
    public int flags() {
        return rows.get(at).flags();
    }

    @Override
    public long expireAtMillis() {
        return rows.get(at).expireAt();
    }

    @Override
    public long createdAtMillis() {
        return rows.get(at).createdAt();
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
