package dev.holdfast.engine.memtable;

import dev.holdfast.engine.api.Order;
import dev.holdfast.format.row.RowFlags;

/// Walks the rows of a memtable either way, as they are linked.
///
/// Told what its reader sees, it passes over rows that decide nothing where one key has many: a key
/// that is written all the time would otherwise be walked through from its first row to its last.
final class MemtableCursor extends EntryCursor {
    /// In place of a reader's sequence number: every row is shown.
    static final long ALL = -1;

    private static final int STEPS = 4; // rows of one key, before a search is worth it

    private final SkipList list;
    private final Order order;
    private final long seqMax;
    private int steps;
    private int node = TowerArena.HEAD;
    private boolean isAtEnd;

    /// @param seqMax of the reader, who sees nothing newer; or `ALL`
    MemtableCursor(SkipList list, EntryArena entries, Order order, long seqMax) {
        super(entries);
        this.list = list;
        this.order = order;
        this.seqMax = seqMax;
    }

    @Override
    public boolean next() {
        if (isAtEnd) return false;
        int last = node;
        node = step(last);
        if (seqMax != ALL && last != TowerArena.HEAD && node != TowerArena.HEAD) pass(last);
        isAtEnd = node == TowerArena.HEAD;
        if (isAtEnd) return false;
        stand(list.entry(node));
        return true;
    }

    private int step(int from) {
        return switch (order) {
            case ASCENDING -> list.next(from);
            case DESCENDING -> list.previous(from);
        };
    }

    // Where the walk has shown some rows of a key and comes to one more.
    private void pass(int last) {
        steps = list.isSameKey(last, node) ? steps + 1 : 0;
        if (steps < STEPS) return;
        steps = 0;
        switch (order) {
            case ASCENDING -> passAscending();
            case DESCENDING -> passDescending();
        }
    }

    // The row before, which this still stands on, was the last shown.
    private void passAscending() {
        if (seqMax < seq()) node = nodeOf(seqMax);
        else if ((flags() & RowFlags.MERGE) == 0) node = nodeOf(-1);
    }

    private void passDescending() {
        stand(list.entry(node));
        if (seqMax < seq()) {
            int from = keyOffset();
            node = list.lower(keyArray(), from, from + keyLength(), Long.MAX_VALUE);
            return;
        }
        int newest = nodeOf(seqMax);
        stand(list.entry(newest));
        if ((flags() & RowFlags.MERGE) == 0) node = newest;
    }

    // The first at or after `seq` of the key that this stands on.
    private int nodeOf(long seq) {
        int from = keyOffset();
        return list.ceiling(keyArray(), from, from + keyLength(), seq);
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
        steps = 0;
    }

    @Override
    public void seekBeyond(byte[] key, int offset, int length) {
        int to = offset + length;
        node =
                switch (order) {
                    case ASCENDING -> list.lower(key, offset, to, -1);
                    case DESCENDING -> list.ceiling(key, offset, to, Long.MAX_VALUE);
                };
        isAtEnd = false;
        steps = 0;
    }

    @Override
    public void close() {
        isAtEnd = true;
    }
}
