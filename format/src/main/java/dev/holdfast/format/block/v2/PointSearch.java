package dev.holdfast.format.block.v2;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.row.RowLimits;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;
import java.util.Arrays;

/// Looks one key up in a block, without rebuilding keys and without an object.
///
/// Of a row's key only the suffix is stored. How much of the wanted key the row before matched
/// tells how the shared part compares, so suffixes are all that is looked at.
final class PointSearch {
    private static final int ROW_BYTES_MIN = 3 + Long.BYTES + 1;
    private static final int TIMES = RowFlags.HAS_EXPIRY | RowFlags.HAS_CREATION;
    private static final int KNOWN_FLAGS = TIMES | RowFlags.TOMBSTONE | RowFlags.MERGE;

    private PointSearch() {}

    static boolean find(BlockV2 block, Bytes wanted, long seqMax, FoundRow found) {
        byte[] key = wanted.array();
        int offset = wanted.offset();
        int length = wanted.length();
        byte[] array = block.array();
        int limit = block.rowsEnd();
        int at = block.restart(lastRestartBelow(block, key, offset, length));
        int matched = 0;
        int previousLength = 0;
        while (at < limit) {
            requireRow(limit, at);
            long shared = varint(array, at);
            long unshared = varint(array, end(shared));
            long value = varint(array, end(unshared));
            int prefix = (int) shared;
            int suffixAt = end(value);
            int valueAt = suffixAt + (int) unshared;
            requireKey(prefix, (int) unshared, previousLength);
            requireTail(limit, (long) valueAt + (int) value);
            int tail = valueAt + (int) value;
            // With more shared than matched, this key differs from the wanted one where the row
            // before did, and so is too small like that one.
            if (prefix <= matched) {
                int keyAt = offset + prefix;
                int keyEnd = offset + length;
                int mismatch = Arrays.mismatch(array, suffixAt, valueAt, key, keyAt, keyEnd);
                boolean isFound = mismatch < 0;
                if (isFound && BigEndian.u64(array, tail) <= seqMax)
                    return fill(found, array, valueAt, (int) value, limit);
                if (!isFound
                        && byteAt(key, keyAt + mismatch, keyEnd)
                                < byteAt(array, suffixAt + mismatch, valueAt)) return false;
                matched = isFound ? length : prefix + mismatch;
            }
            previousLength = prefix + (int) unshared;
            int flags = array[tail + Long.BYTES];
            at = tail + Long.BYTES + 1 + Long.BYTES * Integer.bitCount(flags & TIMES);
        }
        requireTail(limit, (long) at - Long.BYTES - 1);
        return false;
    }

    // The byte at `at`, or -1 where the key ended: that is less than any.
    private static int byteAt(byte[] array, int at, int end) {
        return at < end ? array[at] & 0xff : -1;
    }

    private static void requireRow(int limit, int at) {
        FormatException.require(
                ROW_BYTES_MIN <= limit - at, "row truncated. remaining", limit - at);
    }

    private static void requireKey(int prefix, int suffix, int previousLength) {
        int length = prefix + suffix;
        FormatException.require(
                prefix <= previousLength
                        && suffix <= RowLimits.KEY_BYTES_MAX
                        && 1 <= length
                        && length <= RowLimits.KEY_BYTES_MAX,
                "row key length invalid",
                length);
    }

    private static void requireTail(int limit, long tail) {
        FormatException.require(tail + Long.BYTES + 1 <= limit, "row exceeds its block. end", tail);
    }

    private static boolean fill(
            FoundRow found, byte[] array, int valueOffset, int valueLength, int limit) {
        int tail = valueOffset + valueLength;
        int flags = array[tail + Long.BYTES] & 0xff;
        int times = tail + Long.BYTES + 1;
        FormatException.require((flags & ~KNOWN_FLAGS) == 0, "row flag unknown. flags", flags);
        FormatException.require(
                times + Long.BYTES * Integer.bitCount(flags & TIMES) <= limit,
                "row exceeds its block. end",
                times);
        if ((flags & RowFlags.TOMBSTONE) != 0)
            FormatException.require(
                    (flags & RowFlags.MERGE) == 0 && valueLength == 0,
                    "tombstone merges or has a value. flags",
                    flags);
        found.setValue(array, valueOffset, valueLength);
        found.setStamp(BigEndian.u64(array, tail), flags);
        setTimes(found, array, times, flags);
        return true;
    }

    private static void setTimes(FoundRow found, byte[] array, int times, int flags) {
        boolean expires = (flags & RowFlags.HAS_EXPIRY) != 0;
        boolean tellsCreation = (flags & RowFlags.HAS_CREATION) != 0;
        int creation = expires ? times + Long.BYTES : times;
        found.setTimes(
                expires ? BigEndian.u64(array, times) : 0,
                tellsCreation ? BigEndian.u64(array, creation) : 0);
    }

    // The last restart whose key is less than the wanted one; the first if none is.
    private static int lastRestartBelow(BlockV2 block, byte[] key, int offset, int length) {
        byte[] array = block.array();
        int low = 0;
        int high = block.restartCount();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int at = block.restart(middle);
            requireRow(block.rowsEnd(), at);
            long shared = varint(array, at);
            long unshared = varint(array, end(shared));
            int suffix = end(varint(array, end(unshared)));
            FormatException.require(
                    (int) shared == 0
                            && 0 <= (int) unshared
                            && (int) unshared <= block.rowsEnd() - suffix,
                    "restart key invalid. offset",
                    at);
            int comparison =
                    Arrays.compareUnsigned(
                            array, suffix, suffix + (int) unshared, key, offset, offset + length);
            if (comparison < 0) low = middle + 1;
            else high = middle;
        }
        return Math.max(0, low - 1);
    }

    // The value in the low half, where it ends in the high half.
    private static long varint(byte[] array, int at) {
        byte first = array[at];
        return 0 <= first ? (long) (at + 1) << 32 | first : longVarint(array, at);
    }

    private static long longVarint(byte[] array, int at) {
        int value = 0;
        for (int i = 0; i < 5; i++) {
            int next = array[at + i];
            value |= (next & 0x7f) << 7 * i;
            if (0 <= next) {
                FormatException.require(
                        0 <= value && (i < 4 || next < 8), "row length too large", value);
                return (long) (at + i + 1) << 32 | value;
            }
        }
        throw new FormatException("row length has too many bytes");
    }

    private static int end(long varint) {
        return (int) (varint >>> 32);
    }
}
