package dev.holdfast.engine.memtable;

import dev.holdfast.format.row.RowCursor;

/// Walks upwards through the rows of a memtable to which nothing is added any more.
///
/// What comes next lies anywhere in memory. So this goes some nodes ahead, and asks for the entries
/// of all of them at once, instead of waiting for one after the other.
final class FrozenRows implements RowCursor {
    private static final int AHEAD = 64;
    private static final int LINE_BYTES = 64;
    private static final int LINES = 3; // of an entry; what is longer is read in its order

    private final SkipList list;
    private final EntryArena entries;
    private final int end;
    private final int[] ahead = new int[AHEAD];
    private int at;
    private int count;
    private int node; // the last that was met
    private boolean isAtEnd;
    private int touched; // so that nobody finds the look ahead useless
    private byte[] chunk = {};
    private int start;

    /// @param before the node before the first that is shown; 0 to show all
    /// @param end the first that is not shown; 0 to show all
    FrozenRows(SkipList list, EntryArena entries, int before, int end) {
        this.list = list;
        this.entries = entries;
        this.end = end;
        node = before;
    }

    @Override
    public boolean next() {
        if (at == count && !hasMore()) return false;
        int entry = ahead[at++];
        chunk = entries.chunk(entry);
        start = EntryArena.offset(entry);
        return true;
    }

    private boolean hasMore() {
        at = 0;
        count = 0;
        while (!isAtEnd && count < AHEAD) {
            node = list.next(node);
            isAtEnd = node == end;
            if (!isAtEnd) ahead[count++] = list.entry(node);
        }
        for (int i = 0; i < count; i++) touch(ahead[i]);
        return 0 < count;
    }

    private void touch(int entry) {
        byte[] bytes = entries.chunk(entry);
        int from = EntryArena.offset(entry);
        int sum = 0;
        for (int line = 0; line < LINES; line++)
            sum += bytes[Math.min(bytes.length - 1, from + line * LINE_BYTES)];
        touched += sum;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        throw new UnsupportedOperationException("walks once");
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
    public void close() {}
}
