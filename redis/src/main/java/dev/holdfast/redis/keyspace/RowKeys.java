package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys of rows: which row of the engine holds what of which Redis key.
///
/// ```
/// root      | 01 | 00 |
/// counts    | 01 | 01 | generation u32 |
/// version   | 01 | 02 |
/// expiry    | 01 | 03 | expires at i64, sign flipped | generation u32 | key as it is |
/// meta      | 01 | 04 | generation u32 | hash u32 | key escaped | 00 01 |
/// data      | ... its meta row's key ... | version u64 | kind u8 | what the kind says |
/// libraries | 01 | 06 |
/// library   | 01 | 06 | name |
/// ```
///
/// In an escaped key each 00 is followed by ff, so that `00 01` ends it: rows of one Redis key
/// stand together, the meta row first, under a prefix that no other key's rows begin with; keys of
/// one hash are in the order of their bytes.
public final class RowKeys {
    /// The encoding that is written, and the first byte of every row's key.
    static final int ENCODING = 1;

    /// The longest escaped key: half of what the engine takes, to leave room for fields and
    /// members.
    static final int ESCAPED_BYTES_MAX = 32_768;

    static final Bytes ROOT = Bytes.wrap(new byte[] {ENCODING, 0});
    static final Bytes VERSION = Bytes.wrap(new byte[] {ENCODING, 2});
    static final Bytes IMPORT = Bytes.wrap(new byte[] {ENCODING, 5});
    static final Bytes LIBRARIES = Bytes.wrap(new byte[] {ENCODING, 6});

    private static final byte COUNTS = 1;
    private static final byte EXPIRY = 3;
    private static final byte KEYS = 4;
    private static final int EXPIRY_HEAD = 2 + Long.BYTES + Integer.BYTES;
    private static final int KEY_HEAD = 2 + 2 * Integer.BYTES;

    private RowKeys() {}

    /// Every row that the encoding may ever hold.
    static KeyRange all() {
        return KeyRange.prefix(ROOT.slice(0, 1));
    }

    static Bytes counts(int generation) {
        return wrap(head(COUNTS, Integer.BYTES).putInt(generation));
    }

    static KeyRange counts() {
        return KeyRange.prefix(wrap(head(COUNTS, 0)));
    }

    static int generationOfCounts(Bytes rowKey) {
        return buffer(rowKey, 2 + Integer.BYTES).getInt(2);
    }

    static Bytes expiry(long atMillis, int generation, Bytes key) {
        ByteBuffer out = head(EXPIRY, EXPIRY_HEAD - 2 + key.length());
        out.putLong(atMillis ^ Long.MIN_VALUE).putInt(generation);
        key.copyTo(out.array(), EXPIRY_HEAD);
        return Bytes.wrap(out.array());
    }

    /// The expiry rows of the times `[fromMillis, toMillis)`.
    static KeyRange expiries(long fromMillis, long toMillis) {
        return KeyRange.of(
                wrap(head(EXPIRY, Long.BYTES).putLong(fromMillis ^ Long.MIN_VALUE)),
                wrap(head(EXPIRY, Long.BYTES).putLong(toMillis ^ Long.MIN_VALUE)));
    }

    /// What an expiry row says.
    record Expiry(long atMillis, int generation, Bytes key) {
        Bytes rowKey() {
            return expiry(atMillis, generation, key);
        }
    }

    static Expiry decodeExpiry(Bytes rowKey) {
        ByteBuffer in = buffer(rowKey, EXPIRY_HEAD);
        return new Expiry(
                in.getLong(2) ^ Long.MIN_VALUE,
                in.getInt(2 + Long.BYTES),
                rowKey.slice(EXPIRY_HEAD, rowKey.length()));
    }

    /// The key of the meta row of `key`, or null if the key is longer than any that can be kept.
    static @Nullable Bytes meta(int generation, int hash, Bytes key) {
        int zeros = 0;
        for (int i = 0; i < key.length(); i++) if (key.at(i) == 0) zeros++;
        int escaped = key.length() + zeros;
        if (ESCAPED_BYTES_MAX < escaped) return null;
        ByteBuffer out = head(KEYS, KEY_HEAD - 2 + escaped + 2).putInt(generation).putInt(hash);
        byte[] bytes = out.array();
        if (zeros == 0) key.copyTo(bytes, KEY_HEAD);
        else escape(key, bytes);
        bytes[bytes.length - 1] = 1;
        return Bytes.wrap(bytes);
    }

    private static void escape(Bytes key, byte[] out) {
        int end = KEY_HEAD;
        for (int i = 0; i < key.length(); i++) {
            out[end++] = key.at(i);
            if (key.at(i) == 0) out[end++] = (byte) 0xff;
        }
    }

    /// The meta and data rows of `generation` whose hash is `fromHash`, as unsigned, or more.
    static KeyRange keys(int generation, int fromHash) {
        Bytes start = wrap(head(KEYS, KEY_HEAD - 2).putInt(generation).putInt(fromHash));
        Bytes whole = wrap(head(KEYS, Integer.BYTES).putInt(generation));
        return new KeyRange(start, KeyRange.prefix(whole).end());
    }

    /// True if a row is a meta or data row.
    public static boolean isOfOneKey(Bytes rowKey) {
        return KEY_HEAD < rowKey.length() && rowKey.at(0) == ENCODING && rowKey.at(1) == KEYS;
    }

    /// The version in the key of a data row, whose meta row's key is `metaLength` bytes long.
    public static long versionIn(Bytes rowKey, int metaLength) {
        return buffer(rowKey, metaLength + Long.BYTES).getLong(metaLength);
    }

    /// The key of the row of the library `name`.
    static Bytes library(Bytes name) {
        if (name.isEmpty()) throw new IllegalArgumentException("library without a name");
        ByteBuffer out = head(LIBRARIES.at(1), name.length());
        name.copyTo(out.array(), LIBRARIES.length());
        return Bytes.wrap(out.array());
    }

    /// The name in the key of the row of a library; null if it is none.
    static @Nullable Bytes libraryIn(Bytes rowKey) {
        boolean isLibrary = rowKey.startsWith(LIBRARIES) && LIBRARIES.length() < rowKey.length();
        return isLibrary ? rowKey.slice(LIBRARIES.length(), rowKey.length()) : null;
    }

    /// The key of the meta row of a meta or data row; of a part of such a key, that part.
    public static Bytes metaKeyIn(Bytes rowKey) {
        for (int i = KEY_HEAD; i + 1 < rowKey.length(); i++)
            if (rowKey.at(i) == 0 && rowKey.at(++i) == 1) return rowKey.slice(0, i + 1);
        return rowKey;
    }

    /// Where the meta row's key ends in the key of a meta or data row.
    public static int metaLength(Bytes rowKey) {
        for (int i = KEY_HEAD; i + 1 < rowKey.length(); i++)
            if (rowKey.at(i) == 0 && rowKey.at(++i) == 1) return i + 1;
        throw corrupt(rowKey);
    }

    static int hashOf(Bytes rowKey) {
        return buffer(rowKey, KEY_HEAD).getInt(KEY_HEAD - Integer.BYTES);
    }

    static int generationOf(Bytes rowKey) {
        return buffer(rowKey, KEY_HEAD).getInt(2);
    }

    /// The Redis key in the key of a meta row.
    static Bytes keyOf(Bytes metaKey) {
        int end = metaKey.length() - 2;
        byte[] key = new byte[end - KEY_HEAD];
        int length = 0;
        for (int i = KEY_HEAD; i < end; i++) {
            key[length++] = metaKey.at(i);
            if (metaKey.at(i) == 0) i++;
        }
        return Bytes.wrap(key.length == length ? key : Arrays.copyOf(key, length));
    }

    /// True if the row stands for all keys: the root, the counts, the version, how far an import
    /// has come.
    static boolean isOfAllKeys(Bytes rowKey) {
        if (rowKey.length() < 2 || rowKey.at(0) != ENCODING) return false;
        return rowKey.at(1) <= VERSION.at(1) || rowKey.at(1) == IMPORT.at(1);
    }

    /// The generation of the key that an expiry, meta or data row is of; 0 if it is none of these.
    static int generationIn(Bytes rowKey) {
        if (rowKey.length() < KEY_HEAD || rowKey.at(0) != ENCODING) return 0;
        return switch (rowKey.at(1)) {
            case EXPIRY -> decodeExpiry(rowKey).generation();
            case KEYS -> generationOf(rowKey);
            default -> 0;
        };
    }

    /// The key of the meta row of the key that an expiry, meta or data row is of; the row's own key
    /// if it is none of these.
    static Bytes metaIn(Bytes rowKey, KeyHash hash) {
        if (generationIn(rowKey) == 0) return rowKey;
        if (rowKey.at(1) == KEYS) return rowKey.slice(0, metaLength(rowKey));
        Expiry expiry = decodeExpiry(rowKey);
        Bytes metaKey = meta(expiry.generation(), hash.of(expiry.key()), expiry.key());
        return metaKey == null ? rowKey : metaKey;
    }

    private static ByteBuffer head(byte space, int more) {
        return ByteBuffer.allocate(2 + more).put((byte) ENCODING).put(space);
    }

    private static Bytes wrap(ByteBuffer filled) {
        return Bytes.wrap(filled.array());
    }

    private static ByteBuffer buffer(Bytes rowKey, int bytesMin) {
        if (rowKey.length() < bytesMin) throw corrupt(rowKey);
        return rowKey.toBuffer();
    }

    private static StorageException corrupt(Bytes rowKey) {
        return new StorageException.CorruptData("row key invalid. key=`" + rowKey + "`", null);
    }
}
