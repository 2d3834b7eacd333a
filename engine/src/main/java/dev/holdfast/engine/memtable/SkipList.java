package dev.holdfast.engine.memtable;

import java.util.Arrays;

/// Nodes over entries: keys ascending, of one key the highest sequence number first.
///
/// One writer; any number of readers, without locks. A reader sees every node that was linked
/// before it was told of the node's sequence number, and perhaps some newer ones.
final class SkipList {
    private static final int HEAD = TowerArena.HEAD;
    private static final long SEED = 0x9E3779B97F4A7C15L;

    private final TowerArena towers = new TowerArena();
    private final EntryArena entries;
    private final KeyMarks marks;

    // The writer's own: where the last search ended, level by level, and how tall the list is.
    private final int[] before = new int[TowerArena.HEIGHT_MAX];
    private long coin = SEED;
    // Read by readers as a hint only: too low costs steps, too high meets empty levels.
    private int height = 1;

    SkipList(EntryArena entries, KeyMarks marks) {
        this.entries = entries;
        this.marks = marks;
    }

    /// Bytes taken by links.
    long bytes() {
        return towers.bytes();
    }

    /// Links `entry`, and tells whether its key and sequence number are new here. If they are not,
    /// it takes the place of the entry that bore them.
    boolean insert(int entry) {
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        long seq = EntryArena.seq(chunk, start);
        int keyOffset = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyOffset + EntryArena.keyLength(chunk, start);
        if (!endsBefore(chunk, keyOffset, keyEnd, seq)) search(chunk, keyOffset, keyEnd, seq);
        int next = towers.next(before[0], 0);
        if (next != HEAD && compare(next, chunk, keyOffset, keyEnd, seq) == 0) {
            towers.setEntry(next, entry);
            return false;
        }
        link(entry, marks.of(chunk, keyOffset, keyEnd), next);
        return true;
    }

    // True if the last search ended right before the wanted place too, which is so for keys that
    // come in order; then it holds for every level.
    private boolean endsBefore(byte[] key, int from, int to, long seq) {
        long mark = marks.of(key, from, to);
        int last = before[0];
        if (last != HEAD && 0 < Long.compareUnsigned(towers.mark(last), mark)) return false;
        int next = towers.next(last, 0);
        if (next != HEAD && Long.compareUnsigned(towers.mark(next), mark) < 0) return false;
        return (last == HEAD || compare(last, key, from, to, seq) < 0)
                && (next == HEAD || 0 <= compare(next, key, from, to, seq));
    }

    private void search(byte[] key, int from, int to, long seq) {
        long mark = marks.of(key, from, to);
        int node = HEAD;
        int beyond = HEAD;
        for (int level = height - 1; 0 <= level; level--) {
            int next = towers.next(node, level);
            while (next != HEAD && next != beyond) {
                int order = Long.compareUnsigned(towers.mark(next), mark);
                if (order == 0) order = compare(next, key, from, to, seq);
                if (0 <= order) break;
                node = next;
                next = towers.next(node, level);
            }
            beyond = next;
            before[level] = node;
        }
    }

    private void link(int entry, long mark, int next) {
        int levels = randomHeight();
        for (; height < levels; height++) before[height] = HEAD;
        int node = towers.allot(entry, mark, levels);
        towers.setPrevious(node, before[0]);
        for (int level = 0; level < levels; level++) {
            towers.setNext(node, level, level == 0 ? next : towers.next(before[level], level));
            towers.setNext(before[level], level, node);
            before[level] = node;
        }
        towers.setPrevious(next, node);
    }

    // One level more with probability 1/4.
    private int randomHeight() {
        coin ^= coin << 13;
        coin ^= coin >>> 7;
        coin ^= coin << 17;
        return 1 + Math.min(TowerArena.HEIGHT_MAX - 1, Long.numberOfTrailingZeros(coin) / 2);
    }

    /// The first node at or after (key, seq) in the order of the list, or 0.
    int ceiling(byte[] key, int from, int to, long seq) {
        long mark = marks.of(key, from, to);
        int next = HEAD;
        int node = HEAD;
        for (int level = height - 1; 0 <= level; level--) {
            int beyond = next;
            next = towers.next(node, level);
            while (next != HEAD && next != beyond) {
                int order = Long.compareUnsigned(towers.mark(next), mark);
                if (order == 0) order = compare(next, key, from, to, seq);
                if (0 <= order) break;
                node = next;
                next = towers.next(node, level);
            }
        }
        return next;
    }

    /// The last node before (key, seq) in the order of the list, or 0.
    int lower(byte[] key, int from, int to, long seq) {
        int next = ceiling(key, from, to, seq);
        int node = towers.previous(next);
        // A node that was linked meanwhile may stand between.
        while (node != HEAD && 0 <= compare(node, key, from, to, seq)) node = towers.previous(node);
        return node;
    }

    /// The node after `node`, or 0 at the end; after 0 comes the first.
    int next(int node) {
        return towers.next(node, 0);
    }

    /// The node before `node`, or 0 at the beginning; before 0 stands the last.
    int previous(int node) {
        return towers.previous(node);
    }

    /// True if both nodes hold rows of one key.
    boolean isSameKey(int one, int other) {
        if (towers.mark(one) != towers.mark(other)) return false;
        int entry = towers.entry(one);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int from = EntryArena.keyOffset(chunk, start);
        int to = from + EntryArena.keyLength(chunk, start);
        return compare(other, chunk, from, to, seq(other)) == 0;
    }

    private long seq(int node) {
        int entry = towers.entry(node);
        return EntryArena.seq(entries.chunk(entry), EntryArena.offset(entry));
    }

    /// The address of the node's entry.
    int entry(int node) {
        return towers.entry(node);
    }

    // Most searches get by with the marks, which lie beside the links: an entry is far away.
    private int compare(int node, byte[] key, int from, int to, long seq) {
        int entry = towers.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int keyOffset = EntryArena.keyOffset(chunk, start);
        int keyEnd = keyOffset + EntryArena.keyLength(chunk, start);
        int byKey = Arrays.compareUnsigned(chunk, keyOffset, keyEnd, key, from, to);
        return byKey != 0 ? byKey : Long.compare(seq, EntryArena.seq(chunk, start));
    }
}
