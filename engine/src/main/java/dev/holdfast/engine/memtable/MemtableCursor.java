package dev.holdfast.engine.memtable;

import dev.holdfast.engine.api.Order;
import dev.holdfast.format.row.RowCursor;

/// Walks the rows of a memtable either way. Rows stay valid even after it moves on.
final class MemtableCursor implements RowCursor {
    private static final byte[] NOTHING = new byte[0];

    private final SkipList list;
    private final EntryArena entries;
    private final Order order;
    private int node = TowerArena.HEAD;
    private boolean isAtEnd;
    private byte[] chunk = NOTHING;
    private int start;

    MemtableCursor(SkipList list, EntryArena entries, Order order) {
        this.list = list;
        this.entries = entries;
        this.order = order;
    }

    @Override
    public boolean next() {
        if (isAtEnd) return false;
        node =
                switch (order) {
                    case ASCENDING -> list.next(node);
                    case DESCENDING -> list.previous(node);
                };
        isAtEnd = node == TowerArena.HEAD;
        if (isAtEnd) return false;
        int entry = list.entry(node);
        chunk = entries.chunk(entry);
        start = EntryArena.offset(entry);
        return true;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        int to = offset + length;
        // Where the walk comes from: the neighbour on the near side of all rows of the key.
        node =
                switch (order) {
                    case ASCENDING -> list.lower(key, offset, to, Long.MAX_VALUE);
                    case DESCENDING -> list.ceiling(key, offset, to, -1);
                };
        isAtEnd = false;
    }

    @Override
    public byte[] keyArray() {
        return chunk;
    }

    @Override
    public int keyOffset() {
        return EntryArena.keyOffset(chunk, start);
    }

    @Override
    public int keyLength() {
        return EntryArena.keyLength(chunk, start);
    }

    @Override
    public byte[] valueArray() {
        return chunk;
    }

    @Override
    public int valueOffset() {
        return EntryArena.valueOffset(chunk, start);
    }

    @Override
    public int valueLength() {
        return EntryArena.valueLength(chunk, start);
    }

    @Override
    public long seq() {
        return EntryArena.seq(chunk, start);
    }

    @Override
    public int flags() {
        return EntryArena.flags(chunk, start);
    }

    @Override
    public long expireAtMillis() {
        return EntryArena.firstTime(chunk, start);
    }

    @Override
    public long createdAtMillis() {
        return EntryArena.lastTime(chunk, start);
    }

    @Override
    public void close() {
        isAtEnd = true;
    }
}
