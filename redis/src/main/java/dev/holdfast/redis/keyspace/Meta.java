package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import java.nio.ByteBuffer;

/// What the meta row of a key says: all of a small value, and of a large one what is needed to find
/// its data rows.
///
/// ```
/// | format u8 = 1 | type u8 | flags u8 | expires at i64 if EXPIRES
/// | version u64, count u64 if ROWS | tail |
/// flags: 1 EXPIRES, 2 ROWS, 4 and 8 the form of a string
/// ```
///
/// @param expireAtMillis when the key ceases to exist, or [#NO_EXPIRY]
/// @param version of the data rows; 0 if there are none
/// @param count of elements; of a string in rows its length in bytes
/// @param tail of a string without rows the value; else the type's own fields
public record Meta(KeyType type, StringForm form, long expireAtMillis, Rows rows, Bytes tail) {
    /// The expiry of a key that has none.
    public static final long NO_EXPIRY = -1;

    private static final int FORMAT = 1;
    private static final int GONE = 0;
    private static final int EXPIRES = 1;
    private static final int ROWS = 2;
    private static final int FORM_SHIFT = 2;
    private static final int FLAGS_ALL = 15;

    /// The data rows of a value: those of an older version no longer count.
    public record Rows(long version, long count) {
        /// No data rows.
        public static final Rows NONE = new Rows(0, 0);
    }

    /// A string that is kept in its meta row.
    static Meta inline(Bytes value, StringForm form, long expireAtMillis) {
        return new Meta(KeyType.STRING, form, expireAtMillis, Rows.NONE, value);
    }

    /// True if the key ceases to exist one day.
    public boolean expires() {
        return expireAtMillis != NO_EXPIRY;
    }

    /// True if the key has ceased to exist by `nowMillis`.
    public boolean isExpired(long nowMillis) {
        return expires() && expireAtMillis < nowMillis;
    }

    /// True if the value has data rows.
    public boolean hasRows() {
        return rows.version != 0;
    }

    /// The same value with another expiry.
    public Meta expiringAt(long atMillis) {
        return new Meta(type, form, atMillis, rows, tail);
    }

    /// The same value, come to be in another way.
    Meta withForm(StringForm other) {
        return new Meta(type, other, expireAtMillis, rows, tail);
    }

    /// The same value with other rows.
    Meta withRows(Rows other) {
        return new Meta(type, form, expireAtMillis, other, tail);
    }

    /// What stands in the meta row of a key whose value had data rows of `version`, once it is
    /// removed: the key does not exist, and a compaction can tell that those rows are dead.
    static Bytes gone(long version) {
        ByteBuffer out = ByteBuffer.allocate(3 + 2 * Long.BYTES);
        out.put((byte) FORMAT).put((byte) GONE).put((byte) ROWS).putLong(version);
        return Bytes.wrap(out.array());
    }

    /// True if a meta row says that its key was removed.
    public static boolean isGone(Bytes encoded) {
        return 3 <= encoded.length() && encoded.at(0) == FORMAT && encoded.at(1) == GONE;
    }

    /// The version of the data rows that count, by what a meta row says; 0 if none do.
    public static long liveVersion(Bytes encoded) {
        return isGone(encoded) ? 0 : decode(encoded).rows.version;
    }

    Bytes encode() {
        int flags = (expires() ? EXPIRES : 0) | (hasRows() ? ROWS : 0) | form.tag() << FORM_SHIFT;
        int head = 3 + (expires() ? Long.BYTES : 0) + (hasRows() ? 2 * Long.BYTES : 0);
        ByteBuffer out = ByteBuffer.allocate(head + tail.length());
        out.put((byte) FORMAT).put((byte) type.tag()).put((byte) flags);
        if (expires()) out.putLong(expireAtMillis);
        if (hasRows()) out.putLong(rows.version).putLong(rows.count);
        tail.copyTo(out.array(), head);
        return Bytes.wrap(out.array());
    }

    static Meta decode(Bytes encoded) {
        ByteBuffer in = encoded.toBuffer();
        if (in.remaining() < 3 || in.get() != FORMAT) throw corrupt(encoded);
        KeyType type = KeyType.ofTag(in.get());
        int flags = in.get();
        int left =
                ((flags & EXPIRES) == 0 ? 0 : Long.BYTES)
                        + ((flags & ROWS) == 0 ? 0 : 2 * Long.BYTES);
        if ((flags & ~FLAGS_ALL) != 0 || in.remaining() < left) throw corrupt(encoded);
        long expireAt = (flags & EXPIRES) == 0 ? NO_EXPIRY : in.getLong();
        Rows rows = (flags & ROWS) == 0 ? Rows.NONE : new Rows(in.getLong(), in.getLong());
        Bytes tail = encoded.slice(in.position(), encoded.length());
        return new Meta(type, StringForm.ofTag(flags >> FORM_SHIFT), expireAt, rows, tail);
    }

    private static StorageException corrupt(Bytes encoded) {
        int shown = Math.min(encoded.length(), 19);
        return new StorageException.CorruptData(
                "meta row invalid. head=`" + encoded.slice(0, shown) + "`", null);
    }
}
