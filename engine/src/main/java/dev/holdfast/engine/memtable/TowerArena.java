package dev.holdfast.engine.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The links of a memtable's skip list, in int chunks that never move.
///
/// ```
/// node: entry address | previous node | mark of the key, 2 ints
///       | next node of level 0 | ... of level height - 1
/// ```
///
/// Node 0 is the head: before the first node and after the last, so that its `previous` is the last
/// one and a link to 0 means the end. A node that is not linked yet tells its height in place of
/// the previous node, and nodes are found in the order in which they were made.
///
/// One thread at a time makes nodes, and one at a time links them. Links are released by it and
/// acquired by readers, which so see the node and the entry behind every link.
final class TowerArena {
    static final int HEIGHT_MAX = 12;
    static final int HEAD = 0;

    private static final int CHUNK_BITS = 14;
    private static final int CHUNK_INTS = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_INTS - 1;
    private static final int PREVIOUS_AT = 1;
    private static final int MARK_AT = 2;
    private static final int NEXT_AT = 4;

    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

    private int[][] chunks = {new int[CHUNK_INTS]};
    private int end = NEXT_AT + HEIGHT_MAX;
    private long bytes = (long) end * Integer.BYTES;

    /// Bytes taken so far.
    long bytes() {
        return bytes;
    }

    /// How many bytes a node takes at most.
    static long bytesAtMost() {
        return (long) (NEXT_AT + HEIGHT_MAX) * Integer.BYTES;
    }

    /// A new node without a mark, linked to nothing but an older one of its key, if there is one.
    int allot(int entry, int height, int older) {
        int size = NEXT_AT + height;
        if (CHUNK_INTS < (end & CHUNK_MASK) + size || (end & CHUNK_MASK) == 0) openChunk();
        int node = end;
        end += size;
        bytes += (long) size * Integer.BYTES;
        int[] chunk = chunk(node);
        int at = node & CHUNK_MASK;
        chunk[at] = entry;
        chunk[at + PREVIOUS_AT] = height;
        chunk[at + NEXT_AT] = older;
        return node;
    }

    /// The node that was made right after `node`, of `height` levels; after the head the first.
    /// Only if there is one, and it is not linked yet.
    int after(int node, int height) {
        if (node == HEAD) return NEXT_AT + HEIGHT_MAX;
        int next = node + NEXT_AT + height;
        int at = next & CHUNK_MASK;
        boolean isHere = at + NEXT_AT < CHUNK_INTS && chunk(next)[at + PREVIOUS_AT] != 0;
        return isHere || at == 0 ? next : next + CHUNK_MASK & ~CHUNK_MASK;
    }

    /// How many levels a node has that is not linked yet.
    int height(int node) {
        return chunk(node)[(node & CHUNK_MASK) + PREVIOUS_AT];
    }

    /// Gives a node its mark, before it is linked.
    void setMark(int node, long mark) {
        int[] chunk = chunk(node);
        int at = (node & CHUNK_MASK) + MARK_AT;
        chunk[at] = (int) (mark >>> Integer.SIZE);
        chunk[at + 1] = (int) mark;
    }

    private void openChunk() {
        int index = (end + CHUNK_MASK) >>> CHUNK_BITS;
        if (index == chunks.length) chunks = Arrays.copyOf(chunks, 2 * index);
        chunks[index] = new int[CHUNK_INTS];
        bytes += (long) ((index << CHUNK_BITS) - end) * Integer.BYTES;
        end = index << CHUNK_BITS;
    }

    int entry(int node) {
        return (int) INTS.getAcquire(chunk(node), node & CHUNK_MASK);
    }

    /// What [KeyMarks] made of the node's key: it never changes once the node is linked.
    long mark(int node) {
        int[] chunk = chunk(node);
        int at = (node & CHUNK_MASK) + MARK_AT;
        return (long) chunk[at] << Integer.SIZE | chunk[at + 1] & 0xFFFF_FFFFL;
    }

    int next(int node, int level) {
        return (int) INTS.getAcquire(chunk(node), (node & CHUNK_MASK) + NEXT_AT + level);
    }

    int previous(int node) {
        return (int) INTS.getAcquire(chunk(node), (node & CHUNK_MASK) + PREVIOUS_AT);
    }

    void setEntry(int node, int entry) {
        INTS.setRelease(chunk(node), node & CHUNK_MASK, entry);
    }

    void setNext(int node, int level, int next) {
        INTS.setRelease(chunk(node), (node & CHUNK_MASK) + NEXT_AT + level, next);
    }

    void setPrevious(int node, int previous) {
        INTS.setRelease(chunk(node), (node & CHUNK_MASK) + PREVIOUS_AT, previous);
    }

    private int[] chunk(int node) {
        return chunks[node >>> CHUNK_BITS];
    }
}
