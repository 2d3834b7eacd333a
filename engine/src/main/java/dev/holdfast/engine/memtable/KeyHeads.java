package dev.holdfast.engine.memtable;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;

/// Which first two bytes keys have, to tell ranges that surely hold none of them.
///
/// One writer; a reader sees the keys that were added before it was told of them.
final class KeyHeads {
    private static final int HEADS = 1 << Short.SIZE;

    private final long[] seen = new long[HEADS / Long.SIZE];

    void add(byte[] key, int from, int to) {
        int head = head(key, from, to);
        long bit = 1L << head;
        if ((seen[head / Long.SIZE] & bit) == 0) seen[head / Long.SIZE] |= bit;
    }

    // Of a lower key it is never higher.
    private static int head(byte[] key, int from, int to) {
        int length = to - from;
        if (length == 0) return 0;
        return (key[from] & 0xFF) << Byte.SIZE | (length == 1 ? 0 : key[from + 1] & 0xFF);
    }

    /// False if no key that was added lies inside `range`.
    boolean mayLieIn(KeyRange range) {
        Bytes start = range.start();
        Bytes end = range.end();
        int low = start == null ? 0 : head(start);
        int high = end == null ? HEADS - 1 : head(end);
        int word = low / Long.SIZE;
        long bits = low <= high ? seen[word] & -1L << low : 0;
        while (bits == 0 && word < high / Long.SIZE) bits = seen[++word];
        return bits != 0 && word * Long.SIZE + Long.numberOfTrailingZeros(bits) <= high;
    }

    private static int head(Bytes key) {
        return head(key.array(), key.offset(), key.offset() + key.length());
    }
}
