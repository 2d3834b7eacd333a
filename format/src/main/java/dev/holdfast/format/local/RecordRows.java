package dev.holdfast.format.local;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;

/// The rows of a record: those of a batch, back to back.
///
/// ```
/// row: kind u8 | key length varint | value length varint | expiry i64, if any | key | value
/// ```
public final class RecordRows {
    private static final byte PUT = 0;
    private static final byte DELETE = 1;
    private static final byte EXPIRING_PUT = 2;
    private static final byte EXPIRING_MERGE = 4;
    private static final int KEY_BYTES_MAX = 65_535;
    private static final int VARINT_BYTES_MAX = 5;

    private final byte[] array;
    private final int end;
    private int at;

    private RecordRows(Bytes rows) {
        array = rows.array();
        at = rows.offset();
        end = at + rows.length();
    }

    /// Walks over all of `rows` and returns how many there are. Throws [FormatException] if they
    /// are not what this format allows: what passes can be read without a further look.
    public static int count(Bytes rows) {
        var walk = new RecordRows(rows);
        int count = 0;
        while (walk.at < walk.end) {
            walk.pass();
            count++;
        }
        return count;
    }

    private void pass() {
        byte kind = array[at++];
        FormatException.require(
                PUT <= kind && kind <= EXPIRING_MERGE, "row of an unknown kind", kind);
        int keyLength = length();
        int valueLength = length();
        FormatException.require(
                0 < keyLength && keyLength <= KEY_BYTES_MAX, "key length", keyLength);
        FormatException.require(kind != DELETE || valueLength == 0, "removal with a value");
        boolean expires = kind == EXPIRING_PUT || kind == EXPIRING_MERGE;
        long needed = (expires ? Long.BYTES : 0) + (long) keyLength + valueLength;
        FormatException.require(needed <= end - at, "row truncated. missing", needed - (end - at));
        at += (int) needed;
    }

    private int length() {
        long value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX; i++) {
            FormatException.require(at < end, "row truncated in a length");
            byte part = array[at++];
            value |= (long) (part & 0x7f) << 7 * i;
            FormatException.require(value <= Integer.MAX_VALUE, "length out of range", value);
            if (0 <= part) return (int) value;
        }
        throw new FormatException("length does not end");
    }
}
