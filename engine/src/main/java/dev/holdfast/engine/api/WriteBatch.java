package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Varint;
import java.util.Arrays;

/// Writes that commit as one, in order: of two writes of one key the later holds.
///
/// Keys and values are copied in, encoded back to back in one growing array, so that a batch of a
/// thousand rows is one object. Not thread-safe; not to be changed after it was handed to a [Db].
///
/// ```
/// row: kind u8 | key length varint | value length varint | expiry i64, if any | key | value
/// ```
public final class WriteBatch {
    /// The longest key.
    public static final int KEY_BYTES_MAX = 65_535;

    static final byte PUT = 0;
    static final byte DELETE = 1;
    static final byte EXPIRING_PUT = 2;

    private byte[] encoded = new byte[128];
    private int end;
    private int rows;

    /// Sets `key` to `value`.
    public WriteBatch put(Bytes key, Bytes value) {
        append(PUT, 0, key, value);
        return this;
    }

    /// Sets `key` to `value` until `expireAtMillis`, in milliseconds since the Unix epoch.
    public WriteBatch put(Bytes key, Bytes value, long expireAtMillis) {
        append(EXPIRING_PUT, expireAtMillis, key, value);
        return this;
    }

    /// Removes `key`.
    public WriteBatch delete(Bytes key) {
        append(DELETE, 0, key, Bytes.EMPTY);
        return this;
    }

    /// How many rows were added.
    public int rows() {
        return rows;
    }

    /// True if none were.
    public boolean isEmpty() {
        return rows == 0;
    }

    /// How many bytes the rows take in their encoded form.
    public int bytes() {
        return end;
    }

    /// Stands before the first row. The batch must not change while the cursor is used.
    public BatchCursor cursor() {
        return BatchCursor.over(Bytes.wrap(encoded, 0, end));
    }

    private void append(byte kind, long expireAtMillis, Bytes key, Bytes value) {
        if (key.isEmpty() || KEY_BYTES_MAX < key.length())
            throw new StorageException.Invalid(
                    "key length out of range. length=`"
                            + key.length()
                            + "`, max=`"
                            + KEY_BYTES_MAX
                            + "`",
                    null);
        ensure(1L + 2 * Varint.BYTES_MAX + Long.BYTES + key.length() + value.length());
        encoded[end++] = kind;
        end = Varint.encode(encoded, end, key.length());
        end = Varint.encode(encoded, end, value.length());
        if (kind == EXPIRING_PUT) {
            for (int shift = 56; 0 <= shift; shift -= 8)
                encoded[end++] = (byte) (expireAtMillis >>> shift);
        }
        key.copyTo(encoded, end);
        end += key.length();
        value.copyTo(encoded, end);
        end += value.length();
        rows++;
    }

    private void ensure(long more) {
        long needed = end + more;
        if (needed <= encoded.length) return;
        if (Integer.MAX_VALUE - 8 < needed)
            throw new StorageException.Invalid("batch too large. bytes=`" + needed + "`", null);
        encoded =
                Arrays.copyOf(
                        encoded,
                        (int)
                                Math.min(
                                        Integer.MAX_VALUE - 8,
                                        Math.max(needed, 2L * encoded.length)));
    }
}
