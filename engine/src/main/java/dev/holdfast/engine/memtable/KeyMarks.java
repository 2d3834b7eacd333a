package dev.holdfast.engine.memtable;

import dev.holdfast.base.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Numbers that stand for keys in comparisons: of two keys the lower never has the higher number.
///
/// A number holds the eight bytes behind a prefix that most keys are expected to begin with. Keys
/// that begin otherwise have the lowest or the highest number. Numbers are unsigned, and of keys
/// whose numbers are equal nothing is known. Immutable.
final class KeyMarks {
    /// For keys of which nothing is known.
    static final KeyMarks PLAIN = new KeyMarks(Bytes.EMPTY);

    private static final long LOWEST = 0;
    private static final long HIGHEST = -1;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] prefix;

    private KeyMarks(Bytes prefix) {
        this.prefix = prefix.toArray();
    }

    /// For keys that begin like both of these two.
    static KeyMarks between(Bytes one, Bytes other) {
        int shared =
                Arrays.mismatch(
                        one.array(),
                        one.offset(),
                        one.offset() + one.length(),
                        other.array(),
                        other.offset(),
                        other.offset() + other.length());
        return new KeyMarks(one.slice(0, shared < 0 ? one.length() : shared));
    }

    /// The number of the key from `from` to `to`.
    long of(byte[] key, int from, int to) {
        int length = to - from;
        int shared = Math.min(length, prefix.length);
        int at = Arrays.mismatch(key, from, from + shared, prefix, 0, shared);
        if (0 <= at) return (key[from + at] & 0xFF) < (prefix[at] & 0xFF) ? LOWEST : HIGHEST;
        if (length < prefix.length) return LOWEST;
        return eight(key, from + prefix.length, to);
    }

    /// The first eight bytes between two offsets, and zeros where there are fewer.
    static long eight(byte[] key, int from, int to) {
        if (Long.BYTES <= to - from) return (long) LONG.get(key, from);
        long eight = 0;
        for (int i = 0; i < Long.BYTES; i++)
            eight = eight << Byte.SIZE | (from + i < to ? key[from + i] & 0xFF : 0);
        return eight;
    }
}
