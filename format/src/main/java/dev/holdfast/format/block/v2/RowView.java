package dev.holdfast.format.block.v2;

import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.row.RowLimits;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;

/// The fields of one row where it lies in its block. A flyweight: [#parse] moves it.
///
/// ```
/// varint shared | varint unshared | varint value length | key suffix | value
///     | seq: u64 | flags: u8 | expiry: i64? | creation: i64?
/// ```
final class RowView {
    private static final int KNOWN_FLAGS =
            RowFlags.TOMBSTONE | RowFlags.HAS_EXPIRY | RowFlags.HAS_CREATION | RowFlags.MERGE;
    // Three lengths, the sequence number, the flags.
    private static final int ROW_BYTES_MIN = 3 + Long.BYTES + 1;

    private final byte[] array;
    private final int limit;
    private int cursor;

    int shared;
    int unshared;
    int suffixOffset;
    int valueOffset;
    int valueLength;
    long seq;
    int flags;
    long expireAtMillis;
    long createdAtMillis;

    /// `limit` is where the rows end; at least four bytes of restarts stand behind it.
    RowView(byte[] array, int limit) {
        this.array = array;
        this.limit = limit;
    }

    /// Reads the row at `at`, whose predecessor's key has `previousKeyLength` bytes, and returns
    /// where it ends.
    int parse(int at, int previousKeyLength) {
        // With so many bytes in front of the restarts, three varints cannot leave the array.
        FormatException.require(
                ROW_BYTES_MIN <= limit - at, "row truncated. remaining", limit - at);
        cursor = at;
        shared = varint();
        unshared = varint();
        valueLength = varint();
        suffixOffset = cursor;
        int keyLength = shared + unshared;
        FormatException.require(
                shared <= previousKeyLength && unshared <= RowLimits.KEY_BYTES_MAX,
                "row key prefix invalid. shared",
                shared);
        FormatException.require(
                1 <= keyLength && keyLength <= RowLimits.KEY_BYTES_MAX,
                "row key length invalid",
                keyLength);
        long tail = (long) cursor + unshared + valueLength;
        FormatException.require(tail + Long.BYTES + 1 <= limit, "row exceeds its block. end", tail);
        valueOffset = cursor + unshared;
        return parseTail((int) tail);
    }

    private int parseTail(int tail) {
        seq = BigEndian.u64(array, tail);
        flags = array[tail + Long.BYTES] & 0xff;
        int end = tail + Long.BYTES + 1;
        if (flags != 0) {
            checkFlags();
            int times = Integer.bitCount(flags & (RowFlags.HAS_EXPIRY | RowFlags.HAS_CREATION));
            FormatException.require(
                    times * Long.BYTES <= limit - end, "row exceeds its block. end", end);
            if ((flags & RowFlags.HAS_EXPIRY) != 0) {
                expireAtMillis = BigEndian.u64(array, end);
                end += Long.BYTES;
            }
            if ((flags & RowFlags.HAS_CREATION) != 0) {
                createdAtMillis = BigEndian.u64(array, end);
                end += Long.BYTES;
            }
        }
        return end;
    }

    private void checkFlags() {
        FormatException.require((flags & ~KNOWN_FLAGS) == 0, "row flag unknown. flags", flags);
        if ((flags & RowFlags.TOMBSTONE) != 0) {
            FormatException.require(
                    (flags & RowFlags.MERGE) == 0, "row is tombstone and merge. flags", flags);
            FormatException.require(valueLength == 0, "tombstone has a value. length", valueLength);
        }
    }

    private int varint() {
        byte first = array[cursor++];
        return 0 <= first ? first : longVarint(first & 0x7f);
    }

    private int longVarint(int low) {
        int value = low;
        for (int shift = 7; shift <= 28; shift += 7) {
            int next = array[cursor++];
            value |= (next & 0x7f) << shift;
            if (0 <= next) {
                FormatException.require(
                        0 <= value && (shift < 28 || next < 8), "row length too large", value);
                return value;
            }
        }
        throw new FormatException("row length has too many bytes");
    }
}
