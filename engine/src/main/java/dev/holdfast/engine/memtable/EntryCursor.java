package dev.holdfast.engine.memtable;

import dev.holdfast.format.row.RowCursor;

/// A cursor over entries of an arena, which its heirs move. Rows stay valid even after it moves on.
abstract class EntryCursor implements RowCursor {
    private static final byte[] NOTHING = {};

    final EntryArena entries;
    private byte[] chunk = NOTHING;
    private int start;

    EntryCursor(EntryArena entries) {
        this.entries = entries;
    }

    /// Stands on the entry at an address.
    final void stand(int entry) {
        chunk = entries.chunk(entry);
        start = EntryArena.offset(entry);
    }

    @Override
    public final byte[] keyArray() {
        return chunk;
    }

    @Override
    public final int keyOffset() {
        return EntryArena.keyOffset(chunk, start);
    }

    @Override
    public final int keyLength() {
        return EntryArena.keyLength(chunk, start);
    }

    @Override
    public final byte[] valueArray() {
        return chunk;
    }

    @Override
    public final int valueOffset() {
        return EntryArena.valueOffset(chunk, start);
    }

    @Override
    public final int valueLength() {
        return EntryArena.valueLength(chunk, start);
    }

    @Override
    public final long seq() {
        return EntryArena.seq(chunk, start);
    }

    @Override
    public final int flags() {
        return EntryArena.flags(chunk, start);
    }

    @Override
    public final long expireAtMillis() {
        return EntryArena.firstTime(chunk, start);
    }

    @Override
    public final long createdAtMillis() {
        return EntryArena.lastTime(chunk, start);
    }
}
