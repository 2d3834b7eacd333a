package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// The parts that one range of an object lies in, and what has been found of each. Not thread-safe.
final class PartRange {
    private final String object;
    private final long offset;
    private final int length;
    private final int partBytes;
    private final long first;
    private final @Nullable Bytes[] pieces;

    PartRange(String object, long offset, int length, int partBytes) {
        this.object = object;
        this.offset = offset;
        this.length = length;
        this.partBytes = partBytes;
        first = offset / partBytes;
        pieces = new Bytes[(int) ((offset + length - 1) / partBytes - first) + 1];
    }

    int count() {
        return pieces.length;
    }

    long end() {
        return offset + length;
    }

    PartId id(int i) {
        return new PartId(object, first + i);
    }

    /// Where in part `i` the range begins.
    int from(int i) {
        return i == 0 ? (int) (offset - first * partBytes) : 0;
    }

    /// How much of part `i` the range takes.
    int length(int i) {
        long end = Math.min(end(), (first + i + 1) * partBytes);
        return (int) (end - (first + i) * partBytes) - from(i);
    }

    boolean has(int i) {
        return pieces[i] != null;
    }

    void set(int i, @Nullable Bytes piece) {
        pieces[i] = piece;
    }

    /// The whole range. All of it has been found.
    Bytes joined() {
        Bytes only = pieces[0];
        if (pieces.length == 1 && only != null) return only;
        byte[] whole = new byte[length];
        int at = 0;
        for (Bytes piece : pieces) {
            if (piece == null) throw new IllegalStateException("a part is missing");
            piece.copyTo(whole, at);
            at += piece.length();
        }
        return Bytes.wrap(whole);
    }
}
