package dev.holdfast.engine.memtable;

import java.util.Arrays;

/// Finds where several entries belong in a skip list, a step of each in turn: what each step waits
/// for memory overlaps with the others.
///
/// For the one writer of a list; not thread-safe.
final class PlaceSearch {
    /// How many entries at a time: about as many as a processor waits for at once.
    static final int ENTRIES_MAX = 8;

    private static final int HEAD = TowerArena.HEAD;

    private final TowerArena towers;
    private final EntryOrder order;

    private final int[] entries = new int[ENTRIES_MAX];
    private final long[] marks = new long[ENTRIES_MAX];
    private final int[][] before = new int[ENTRIES_MAX][TowerArena.HEIGHT_MAX];
    private int count;

    // of the step under way, by entry
    private final int[] nodes = new int[ENTRIES_MAX];
    private final int[] levels = new int[ENTRIES_MAX];
    private final int[] beyond = new int[ENTRIES_MAX];
    private final int[] nexts = new int[ENTRIES_MAX];
    private final long[] nextMarks = new long[ENTRIES_MAX];

    /// The order of a node and an entry whose marks are equal; negative for the node first.
    interface EntryOrder {
        int compare(int node, int entry);
    }

    PlaceSearch(TowerArena towers, EntryOrder order) {
        this.towers = towers;
        this.order = order;
    }

    void clear() {
        count = 0;
    }

    boolean isFull() {
        return count == ENTRIES_MAX;
    }

    /// Has the place of `entry`, whose key has `mark`, looked for. Returns its number.
    int add(int entry, long mark) {
        entries[count] = entry;
        marks[count] = mark;
        return count++;
    }

    /// Looks for the places of all in a list of `height` levels.
    void run(int height) {
        for (int i = 0; i < count; i++) {
            nodes[i] = HEAD;
            beyond[i] = HEAD;
            levels[i] = height - 1;
            Arrays.fill(before[i], HEAD);
        }
        for (boolean isOn = 0 < count; isOn; ) {
            look();
            isOn = step();
        }
    }

    // Nothing here depends on what another entry waits for.
    private void look() {
        for (int i = 0; i < count; i++)
            nexts[i] = levels[i] < 0 ? HEAD : towers.next(nodes[i], levels[i]);
        for (int i = 0; i < count; i++) nextMarks[i] = towers.mark(nexts[i]);
    }

    private boolean step() {
        boolean isOn = false;
        for (int i = 0; i < count; i++) {
            if (levels[i] < 0) continue;
            if (nexts[i] != beyond[i] && isBefore(i)) {
                nodes[i] = nexts[i];
            } else {
                beyond[i] = nexts[i];
                before[i][levels[i]--] = nodes[i];
            }
            isOn |= 0 <= levels[i];
        }
        return isOn;
    }

    private boolean isBefore(int number) {
        int next = nexts[number];
        if (next == HEAD) return false;
        int byMark = Long.compareUnsigned(nextMarks[number], marks[number]);
        return byMark != 0 ? byMark < 0 : order.compare(next, entries[number]) < 0;
    }

    /// Of each level the last node before the place that was found; the head above all levels. As
    /// the list was then: nodes may have come between since.
    int[] before(int number) {
        return before[number];
    }
}
