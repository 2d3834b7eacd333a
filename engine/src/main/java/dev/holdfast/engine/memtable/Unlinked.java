package dev.holdfast.engine.memtable;

import java.util.Arrays;

/// Nodes of a skip list that are to be linked together. Not thread-safe.
final class Unlinked {
    private static final int COUNT_FIRST = 16;
    private static final int KEPT_MAX = 1 << 12;

    private int[] nodes = new int[COUNT_FIRST];
    private byte[] heights = new byte[COUNT_FIRST];
    private int count;

    /// Which of two nodes stands first in the list; negative for the first of them.
    interface NodeOrder {
        int compare(int one, int other);
    }

    void add(int node, int height) {
        if (count == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * count);
            heights = Arrays.copyOf(heights, 2 * count);
        }
        nodes[count] = node;
        heights[count++] = (byte) height;
    }

    int count() {
        return count;
    }

    /// The one at `place`, from 0 on.
    int node(int place) {
        return nodes[place];
    }

    /// On how many levels the one at `place` is to be linked.
    int height(int place) {
        return heights[place];
    }

    /// Their places in the order of `marks`, one for each place, unsigned; where marks are equal,
    /// in `order`. Of two that are equal there, the one that was added first is first.
    int[] places(long[] marks, NodeOrder order) {
        var sorted = new Places(marks, new int[count]);
        for (int i = 0; i < count; i++) sorted.places[i] = i;
        if (!isSorted(marks, order))
            sort(sorted, new Places(marks.clone(), sorted.places.clone()), 0, count, order);
        return sorted.places;
    }

    // Places with the marks that belong to them, so that sorting goes through memory in its order.
    private record Places(long[] marks, int[] places) {}

    private boolean isSorted(long[] marks, NodeOrder order) {
        for (int i = 1; i < count; i++) {
            int byMark = Long.compareUnsigned(marks[i - 1], marks[i]);
            if (0 < byMark) return false;
            if (byMark == 0 && 0 < order.compare(nodes[i - 1], nodes[i])) return false;
        }
        return true;
    }

    // Leaves [from, to) of `same`, which holds the same, sorted in `sorted`.
    private void sort(Places sorted, Places same, int from, int to, NodeOrder order) {
        if (to - from < 2) return;
        int middle = (from + to) >>> 1;
        sort(same, sorted, from, middle, order);
        sort(same, sorted, middle, to, order);
        int low = from;
        int high = middle;
        for (int at = from; at < to; at++) {
            boolean isLow = high == to || (low < middle && !isBehind(same, low, high, order));
            int next = isLow ? low++ : high++;
            sorted.places[at] = same.places[next];
            sorted.marks[at] = same.marks[next];
        }
    }

    private boolean isBehind(Places in, int one, int other, NodeOrder order) {
        int byMark = Long.compareUnsigned(in.marks[one], in.marks[other]);
        if (byMark != 0) return 0 < byMark;
        return 0 < order.compare(nodes[in.places[one]], nodes[in.places[other]]);
    }

    void clear() {
        count = 0;
        if (nodes.length <= KEPT_MAX) return;
        nodes = new int[COUNT_FIRST];
        heights = new byte[COUNT_FIRST];
    }
}
