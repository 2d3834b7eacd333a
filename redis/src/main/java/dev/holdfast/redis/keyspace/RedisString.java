package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.resp.RespError;
import org.jspecify.annotations.Nullable;

/// The string at one key, as one run sees it: in its meta row while small, else in fragments, so
/// that a change of a few bytes rewrites few.
///
/// A fragment that is missing or short stands for zeros. Not thread-safe.
public final class RedisString {
    /// The longest string, as `proto-max-bulk-len` has it by default.
    public static final int BYTES_MAX = 512 << 20;

    /// The longest string that is kept in its meta row.
    static final int INLINE_BYTES_MAX = 16 << 10;

    /// What one fragment holds.
    static final int FRAGMENT_BYTES = 16 << 10;

    private final Keyspace keyspace;
    private final Bytes key;
    private @Nullable Meta meta;

    RedisString(Keyspace keyspace, Bytes key, @Nullable Meta meta) {
        this.keyspace = keyspace;
        this.key = key;
        this.meta = meta;
    }

    /// True if the key exists.
    public boolean exists() {
        return meta != null;
    }

    /// How many bytes there are; 0 if the key does not exist.
    public int length() {
        if (meta == null) return 0;
        if (!meta.hasRows()) return meta.tail().length();
        long length = meta.rows().count();
        if (length < 0 || BYTES_MAX < length)
            throw new StorageException.CorruptData(
                    "string length invalid. length=`" + length + "`", null);
        return (int) length;
    }

    /// When the key ceases to exist, or [Meta#NO_EXPIRY].
    public long expireAtMillis() {
        return meta == null ? Meta.NO_EXPIRY : meta.expireAtMillis();
    }

    /// How the string came to be.
    public StringForm form() {
        return meta == null ? StringForm.PLAIN : meta.form();
    }

    /// All bytes.
    public Bytes read() {
        return read(0, length());
    }

    /// The bytes of `[start, end)`, which lie inside.
    public Bytes read(int start, int end) {
        if (meta == null || start == end) return Bytes.EMPTY;
        keyspace.hold(end - start);
        if (!meta.hasRows()) return meta.tail().slice(start, end);
        byte[] bytes = new byte[end - start];
        KeyRange range =
                KeyRange.of(
                        fragmentKey(start / FRAGMENT_BYTES),
                        fragmentKey((end - 1) / FRAGMENT_BYTES + 1));
        try (Scan scan = keyspace.execution().rows().scan(range)) {
            while (scan.next()) {
                long at = (long) MemberRow.indexOf(scan.key()) * FRAGMENT_BYTES;
                int from = (int) Math.max(0, start - at);
                int to = (int) Math.min(scan.value().length(), end - at);
                if (from < to)
                    scan.value().slice(from, to).copyTo(bytes, (int) (at + from - start));
            }
        }
        return Bytes.wrap(bytes);
    }

    /// Replaces all bytes, and the expiry with `expireAtMillis`.
    public void set(Bytes value, StringForm form, long expireAtMillis) {
        checkLength(value.length());
        if (value.length() <= INLINE_BYTES_MAX) {
            save(Meta.inline(value, form, expireAtMillis));
            return;
        }
        fragmented(form, expireAtMillis);
        patch(0, value);
    }

    /// Replaces the bytes from `offset` on with `patch`, which is not empty, with zeros between the
    /// old end and `offset`. The expiry stays.
    public void write(long offset, Bytes patch) {
        long end = Math.min(offset, BYTES_MAX) + patch.length();
        checkLength(end);
        int length = (int) Math.max(end, length());
        if (meta == null || !meta.hasRows()) {
            Bytes old = read();
            if (length <= INLINE_BYTES_MAX) {
                byte[] bytes = new byte[length];
                old.copyTo(bytes, 0);
                patch.copyTo(bytes, (int) offset);
                save(Meta.inline(Bytes.wrap(bytes), StringForm.RAW, expireAtMillis()));
                return;
            }
            fragmented(StringForm.RAW, expireAtMillis());
            patch(0, old);
        }
        patch((int) offset, patch);
    }

    /// Adds `more` at the end. The expiry stays.
    public void append(Bytes more) {
        write(length(), more);
    }

    private void fragmented(StringForm form, long expireAtMillis) {
        var rows = new Meta.Rows(keyspace.execution().takeVersion(), 0);
        meta = new Meta(KeyType.STRING, form, expireAtMillis, rows, Bytes.EMPTY);
    }

    private void patch(int offset, Bytes patch) {
        int done = 0;
        while (done < patch.length()) {
            int at = offset + done;
            int from = at % FRAGMENT_BYTES;
            int count = Math.min(patch.length() - done, FRAGMENT_BYTES - from);
            patchFragment(at / FRAGMENT_BYTES, from, patch.slice(done, done + count));
            done += count;
        }
        long length = Math.max((long) offset + patch.length(), length());
        save(meta().withForm(StringForm.RAW).withRows(new Meta.Rows(version(), length)));
    }

    private void patchFragment(int index, int from, Bytes patch) {
        StagedRows rows = keyspace.execution().rows();
        Bytes rowKey = fragmentKey(index);
        boolean isWhole = from == 0 && length() <= index * (long) FRAGMENT_BYTES + patch.length();
        Bytes old = isWhole ? null : rows.get(rowKey);
        if (old == null && from == 0) {
            rows.put(rowKey, patch);
            return;
        }
        int oldLength = old == null ? 0 : old.length();
        byte[] bytes = new byte[Math.max(oldLength, from + patch.length())];
        if (old != null) old.copyTo(bytes, 0);
        patch.copyTo(bytes, from);
        rows.put(rowKey, Bytes.wrap(bytes));
    }

    private void save(Meta next) {
        keyspace.put(key, next);
        meta = next;
    }

    private Meta meta() {
        if (meta == null) throw new AssertionError("string was not made. key=`" + key + "`");
        return meta;
    }

    private long version() {
        return meta().rows().version();
    }

    private Bytes fragmentKey(int index) {
        return keyspace.execution()
                .rowKey(
                        MemberRow.prefix(keyspace.writableMetaKey(key), version()),
                        MemberRow.fragment(index));
    }

    private static void checkLength(long length) {
        if (BYTES_MAX < length) throw new RespError(RespError.STRING_TOO_LONG);
    }
}
