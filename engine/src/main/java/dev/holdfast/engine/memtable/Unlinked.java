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

    /// Their places in `order`. Of two that are equal there, the one that was added first is first.
    int[] places(NodeOrder order) {
        int[] places = new int[count];
        for (int i = 0; i < count; i++) places[i] = i;
        if (!isSorted(order)) sort(places, places.clone(), 0, count, order);
        return places;
    }

    private boolean isSorted(NodeOrder order) {
        for (int i = 1; i < count; i++) if (0 < order.compare(nodes[i - 1], nodes[i])) return false;
        return true;
    }

    // Leaves [from, to) of `same`, which holds the same places, sorted in `places`.
    private void sort(int[] places, int[] same, int from, int to, NodeOrder order) {
        if (to - from < 2) return;
        int middle = (from + to) >>> 1;
        sort(same, places, from, middle, order);
        sort(same, places, middle, to, order);
        int low = from;
        int high = middle;
        for (int at = from; at < to; at++) {
            boolean isLow =
                    high == to
                            || (low < middle
                                    && order.compare(nodes[same[low]], nodes[same[high]]) <= 0);
            places[at] = isLow ? same[low++] : same[high++];
        }
    }

    void clear() {
        count = 0;
        if (nodes.length <= KEPT_MAX) return;
        nodes = new int[COUNT_FIRST];
        heights = new byte[COUNT_FIRST];
    }
}
