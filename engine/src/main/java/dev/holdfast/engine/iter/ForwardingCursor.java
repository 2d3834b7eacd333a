package dev.holdfast.engine.iter;

import dev.holdfast.format.row.RowCursor;

/// A cursor that shows what another one stands on, now this one, now that.
public abstract class ForwardingCursor implements RowCursor {
    private RowCursor current;

    /// On nothing yet.
    protected ForwardingCursor() {
        this(new EmptyCursor());
    }

    protected ForwardingCursor(RowCursor first) {
        current = first;
    }

    /// The one that is shown.
    protected final RowCursor current() {
        return current;
    }

    /// Shows `next` from now on.
    protected final void setCurrent(RowCursor next) {
        current = next;
    }

    @Override
    public byte[] keyArray() {
        return current.keyArray();
    }

    @Override
    public int keyOffset() {
        return current.keyOffset();
    }

    @Override
    public int keyLength() {
        return current.keyLength();
    }

    @Override
    public byte[] valueArray() {
        return current.valueArray();
    }

    @Override
    public int valueOffset() {
        return current.valueOffset();
    }

    @Override
    public int valueLength() {
        return current.valueLength();
    }

    @Override
    public long seq() {
        return current.seq();
    }

    @Override
    public int flags() {
        return current.flags();
    }

    @Override
    public long expireAtMillis() {
        return current.expireAtMillis();
    }

    @Override
    public long createdAtMillis() {
        return current.createdAtMillis();
    }
}
