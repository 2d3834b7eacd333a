package dev.holdfast.engine.memtable;

import java.util.Arrays;
import java.util.List;

/// Puts nodes in the order of a skip list: keys ascending, of one key the node that was made last
/// first.
///
/// What it compares are eight bytes of each key at a time. Only keys that have these in common are
/// read again, behind all that they have in common: keys lie far from each other in memory, and are
/// read about once each where the first eight bytes tell them apart.
///
/// They are sorted when the first is asked for, by whoever asks. Not thread-safe.
final class NodeOrder implements FrozenRows.InOrder {
    private static final int SAMPLE = 256;
    private static final int HALF_ONE_OF_MAX = 4; // that is still called half
    private static final int FEW = 16;
    private static final int SORTED_BY_STEPS = 48;
    private static final int LEVELS_MAX = 16; // of eight bytes each; then keys are compared whole
    private static final int ALL = -1;
    private static final int BYTES = 1 << Byte.SIZE;

    private final TowerArena towers;
    private final EntryArena entries;
    private final int[] nodes;
    private final long[] marks;
    private int[] otherNodes = {};
    private long[] otherMarks = {};
    private boolean isSorted;
    private int at;

    /// @param nodes as they were made
    /// @param marks of them, whose order is that of the keys where they differ
    NodeOrder(TowerArena towers, EntryArena entries, int[] nodes, long[] marks) {
        this.towers = towers;
        this.entries = entries;
        this.nodes = nodes;
        this.marks = marks;
    }

    @Override
    public int next() {
        if (!isSorted) sort();
        return at < nodes.length ? towers.entry(nodes[at++]) : END;
    }

    /// These nodes in two parts of about equal length that follow each other, no key in both; empty
    /// if marks do not tell where they would meet. Only while they are not sorted.
    List<NodeOrder> halves() {
        long[] sample = new long[Math.min(SAMPLE, nodes.length)];
        for (int i = 0; i < sample.length; i++)
            sample[i] = marks[(int) ((long) i * nodes.length / sample.length)] + Long.MIN_VALUE;
        Arrays.sort(sample);
        long middle = sample[sample.length / 2] + Long.MIN_VALUE;
        int low = 0;
        for (long mark : marks) if (Long.compareUnsigned(mark, middle) < 0) low++;
        if (Math.min(low, nodes.length - low) < nodes.length / HALF_ONE_OF_MAX) return List.of();
        var first = new NodeOrder(towers, entries, new int[low], new long[low]);
        int rest = nodes.length - low;
        var second = new NodeOrder(towers, entries, new int[rest], new long[rest]);
        for (int i = 0; i < nodes.length; i++)
            (Long.compareUnsigned(marks[i], middle) < 0 ? first : second).take(nodes[i], marks[i]);
        first.at = 0;
        second.at = 0;
        return List.of(first, second);
    }

    private void take(int node, long mark) {
        nodes[at] = node;
        marks[at++] = mark;
    }

    /// Leaves the nodes sorted; the marks are of no use afterwards.
    void sort() {
        otherNodes = new int[nodes.length];
        otherMarks = new long[nodes.length];
        sort(0, nodes.length, 0, 0);
        otherNodes = new int[0];
        otherMarks = new long[0];
        isSorted = true;
    }

    // Nodes whose keys have the first `shared` bytes in common are in the order in which they were
    // made.
    private void sort(int from, int to, int level, int least) {
        sortByMarks(from, to);
        int begin = from;
        for (int at = from + 1; at <= to; at++) {
            if (at < to && marks[at] == marks[begin]) continue;
            if (begin + 1 < at) sortAlike(begin, at, level, least);
            begin = at;
        }
    }

    private void sortAlike(int from, int to, int level, int least) {
        if (to - from <= FEW) {
            sortFew(from, to);
            return;
        }
        int shared = shared(from, to);
        if (shared == ALL) {
            reverse(from, to);
        } else if (shared < least || LEVELS_MAX < level) { // short, told apart by their lengths
            sortByKeys(from, to);
        } else {
            for (int i = from; i < to; i++) marks[i] = markBehind(shared, nodes[i]);
            sort(from, to, level + 1, shared + Long.BYTES);
        }
    }

    private void sortByMarks(int from, int to) {
        if (isSorted(from, to)) return;
        if (to - from < SORTED_BY_STEPS) sortBySteps(from, to);
        else sortByBytes(from, to);
    }

    private boolean isSorted(int from, int to) {
        for (int i = from + 1; i < to; i++)
            if (0 < Long.compareUnsigned(marks[i - 1], marks[i])) return false;
        return true;
    }

    private void sortBySteps(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            long mark = marks[i];
            int node = nodes[i];
            int at = i;
            for (; from < at && 0 < Long.compareUnsigned(marks[at - 1], mark); at--) {
                marks[at] = marks[at - 1];
                nodes[at] = nodes[at - 1];
            }
            marks[at] = mark;
            nodes[at] = node;
        }
    }

    // From the last byte to the first, each time keeping the order there was.
    private void sortByBytes(int from, int to) {
        long differing = 0;
        for (int i = from; i < to; i++) differing |= marks[i] ^ marks[from];
        int[] next = new int[BYTES];
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            if ((differing >>> shift & 0xFF) == 0) continue;
            Arrays.fill(next, 0);
            for (int i = from; i < to; i++) next[(int) (marks[i] >>> shift) & 0xFF]++;
            int at = from;
            for (int value = 0; value < BYTES; value++) {
                int count = next[value];
                next[value] = at;
                at += count;
            }
            for (int i = from; i < to; i++) {
                int place = next[(int) (marks[i] >>> shift) & 0xFF]++;
                otherMarks[place] = marks[i];
                otherNodes[place] = nodes[i];
            }
            System.arraycopy(otherMarks, from, marks, from, to - from);
            System.arraycopy(otherNodes, from, nodes, from, to - from);
        }
    }

    private void sortFew(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int node = nodes[i];
            int at = i;
            for (; from < at && 0 < compare(nodes[at - 1], node); at--) nodes[at] = nodes[at - 1];
            nodes[at] = node;
        }
    }

    private void sortByKeys(int from, int to) {
        var boxed = new Integer[to - from];
        for (int i = from; i < to; i++) boxed[i - from] = nodes[i];
        Arrays.sort(boxed, this::compare);
        for (int i = from; i < to; i++) nodes[i] = boxed[i - from];
    }

    private void reverse(int from, int to) {
        for (int low = from, high = to - 1; low < high; low++, high--) {
            int node = nodes[low];
            nodes[low] = nodes[high];
            nodes[high] = node;
        }
    }

    private int compare(int one, int other) {
        int first = towers.entry(one);
        int second = towers.entry(other);
        byte[] chunk = entries.chunk(first);
        byte[] chunk2 = entries.chunk(second);
        int start = EntryArena.offset(first);
        int start2 = EntryArena.offset(second);
        int from = EntryArena.keyOffset(chunk, start);
        int from2 = EntryArena.keyOffset(chunk2, start2);
        int byKey =
                Arrays.compareUnsigned(
                        chunk,
                        from,
                        from + EntryArena.keyLength(chunk, start),
                        chunk2,
                        from2,
                        from2 + EntryArena.keyLength(chunk2, start2));
        return byKey != 0 ? byKey : Integer.compare(other, one);
    }

    // How many bytes all keys begin with; `ALL` if they are the same.
    private int shared(int from, int to) {
        int entry = towers.entry(nodes[from]);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int key = EntryArena.keyOffset(chunk, start);
        int length = EntryArena.keyLength(chunk, start);
        int shared = ALL;
        for (int i = from + 1; i < to; i++) {
            int mismatch = mismatch(nodes[i], chunk, key, shared == ALL ? length : shared);
            if (mismatch != ALL) shared = mismatch;
        }
        return shared;
    }

    // Where the node's key differs from the first `length` bytes of another; `ALL` if it does not,
    // which is to have that length too as long as nothing differed.
    private int mismatch(int node, byte[] other, int otherKey, int length) {
        int entry = towers.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int key = EntryArena.keyOffset(chunk, start);
        int end = key + EntryArena.keyLength(chunk, start);
        return Arrays.mismatch(chunk, key, end, other, otherKey, otherKey + length);
    }

    private long markBehind(int shared, int node) {
        int entry = towers.entry(node);
        byte[] chunk = entries.chunk(entry);
        int start = EntryArena.offset(entry);
        int key = EntryArena.keyOffset(chunk, start);
        return KeyMarks.eight(chunk, key + shared, key + EntryArena.keyLength(chunk, start));
    }
}
