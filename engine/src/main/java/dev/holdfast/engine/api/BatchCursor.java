package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.WriteBatch.Expiry;

/// Walks the rows of a [WriteBatch] without an object per row. Not thread-safe.
///
/// ```java
/// for (BatchCursor rows = BatchCursor.over(encoded); rows.next(); )
///     if (rows.isDelete()) deletions++;
/// ```
public final class BatchCursor {
    private final byte[] encoded;
    private final int start;
    private final int end;
    private int next;
    private byte kind;
    private long millis;
    private int keyOffset;
    private int keyLength;
    private int valueLength;

    private BatchCursor(byte[] encoded, int start, int end) {
        this.encoded = encoded;
        this.start = start;
        this.end = end;
        next = start;
    }

    /// Stands before the first of `rows`, which are encoded as those of a [WriteBatch] are and were
    /// found to be so before.
    public static BatchCursor over(Bytes rows) {
        int start = rows.offset();
        return new BatchCursor(rows.array(), start, start + rows.length());
    }

    /// All rows as they are encoded, wherever the cursor stands: to read from only.
    public Bytes encoded() {
        return Bytes.wrap(encoded, start, end - start);
    }

    /// Stands before the first row again.
    public BatchCursor again() {
        next = start;
        return this;
    }

    /// Moves to the next row, and tells whether there is one.
    public boolean next() {
        if (next == end) return false;
        kind = encoded[next++];
        keyLength = varint();
        valueLength = varint();
        if (WriteBatch.hasTime(kind)) {
            millis = 0;
            for (int i = 0; i < Long.BYTES; i++) millis = millis << 8 | (encoded[next++] & 0xff);
        }
        keyOffset = next;
        next += keyLength + valueLength;
        return true;
    }

    /// True if the row removes its key.
    public boolean isDelete() {
        return kind == WriteBatch.DELETE;
    }

    /// True if the row is merged into its key.
    public boolean isMerge() {
        return WriteBatch.isMerge(kind);
    }

    /// True if the row carries the time at which it expires.
    public boolean hasExpiry() {
        return kind == WriteBatch.EXPIRING_PUT || kind == WriteBatch.EXPIRING_MERGE;
    }

    /// When the row expires, in milliseconds since the Unix epoch; only if [#hasExpiry].
    public long expireAtMillis() {
        return millis;
    }

    /// When the row expires, as it was said.
    public Expiry expiry() {
        return switch (kind) {
            case WriteBatch.EXPIRING_PUT, WriteBatch.EXPIRING_MERGE -> Expiry.atMillis(millis);
            case WriteBatch.PUT_FOR, WriteBatch.MERGE_FOR -> new Expiry(Expiry.Kind.AFTER, millis);
            case WriteBatch.PUT_FOREVER, WriteBatch.MERGE_FOREVER, WriteBatch.DELETE ->
                    Expiry.never();
            default -> Expiry.usual();
        };
    }

    /// The array that holds key and value: to read from only.
    public byte[] array() {
        return encoded;
    }

    /// Where the key starts in [#array].
    public int keyOffset() {
        return keyOffset;
    }

    /// How long the key is.
    public int keyLength() {
        return keyLength;
    }

    /// Where the value starts in [#array].
    public int valueOffset() {
        return keyOffset + keyLength;
    }

    /// How long the value is; 0 in a row that removes its key.
    public int valueLength() {
        return valueLength;
    }

    private int varint() {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = encoded[next++];
            value |= (part & 0x7f) << shift;
            if (0 <= part) return value;
        }
    }
}
