package dev.holdfast.engine.table;

import dev.holdfast.engine.iter.EmptyCursor;
import dev.holdfast.format.row.RowCursor;

/// A cursor that shows what another one stands on, now this one, now that.
abstract class ForwardingCursor implements RowCursor {
    private RowCursor current = new EmptyCursor();

    final RowCursor current() {
        return current;
    }

    final void setCurrent(RowCursor next) {
        current = next;
    }

    @Override
    public final byte[] keyArray() {
        return current.keyArray();
    }

    @Override
    public final int keyOffset() {
        return current.keyOffset();
    }

    @Override
    public final int keyLength() {
        return current.keyLength();
    }

    @Override
    public final byte[] valueArray() {
        return current.valueArray();
    }

    @Override
    public final int valueOffset() {
        return current.valueOffset();
    }

    @Override
    public final int valueLength() {
        return current.valueLength();
    }

    @Override
    public final long seq() {
        return current.seq();
    }

    @Override
    public final int flags() {
        return current.flags();
    }

    @Override
    public final long expireAtMillis() {
        return current.expireAtMillis();
    }

    @Override
    public final long createdAtMillis() {
        return current.createdAtMillis();
    }
}
