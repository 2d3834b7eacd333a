package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// The parts that one range of an object lies in, and what has been found of each. Not thread-safe.
final class PartRange {
    private final String object;
    private final ObjectKey key;
    private final long offset;
    private final int length;
    private final int partBytes;
    private final int first;
    private final @Nullable Bytes[] pieces;
    private int count;

    /// @param object the store's URL and the object's name
    /// @param length as far as it is known: the object may end before
    PartRange(String object, long offset, int length, int partBytes) {
        this.object = object;
        this.offset = offset;
        this.length = length;
        this.partBytes = partBytes;
        key = ObjectKey.of(object);
        first = (int) (offset / partBytes);
        count = (int) ((offset + length - 1) / partBytes - first) + 1;
        pieces = new Bytes[count];
    }

    String object() {
        return object;
    }

    /// How many parts there are, as far as it is known.
    int count() {
        return count;
    }

    PartKey key(int i) {
        return new PartKey(key, first + i);
    }

    /// Where in the object part `i` begins.
    long start(int i) {
        return (long) (first + i) * partBytes;
    }

    /// Where in part `i` the range begins.
    int from(int i) {
        return i == 0 ? (int) (offset - start(0)) : 0;
    }

    /// How much of part `i` the range takes.
    int length(int i) {
        long end = Math.min(offset + length, start(i) + partBytes);
        return (int) (end - start(i)) - from(i);
    }

    boolean has(int i) {
        return pieces[i] != null;
    }

    /// The piece was found. If it is shorter than the range's share of the part, the object ends
    /// there.
    void set(int i, Bytes piece) {
        pieces[i] = piece;
        if (piece.length() < length(i)) count = Math.min(count, i + 1);
    }

    /// Sets what the range takes of the whole part `i`.
    void setWhole(int i, Bytes part) {
        int from = Math.min(from(i), part.length());
        set(i, part.slice(from, Math.min(part.length(), from + length(i))));
    }

    /// All that was found, up to where the object ends. Null if a part is missing.
    @Nullable Bytes joined() {
        int total = 0;
        for (int i = 0; i < count; i++) {
            Bytes piece = pieces[i];
            if (piece == null) return null;
            total += piece.length();
        }
        Bytes only = pieces[0];
        if (count == 1 && only != null && isWholeArray(only)) return only;
        byte[] whole = new byte[total];
        int at = 0;
        for (int i = 0; i < count; i++) {
            Bytes piece = pieces[i];
            if (piece != null) piece.copyTo(whole, at);
            at += piece == null ? 0 : piece.length();
        }
        return Bytes.wrap(whole);
    }

    // Whoever keeps a piece must not keep all of the part in memory.
    private static boolean isWholeArray(Bytes piece) {
        return piece.length() == piece.array().length;
    }
}
