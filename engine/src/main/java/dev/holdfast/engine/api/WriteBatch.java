package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Varint;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes that commit as one, in order: of two writes of one key the later holds, but a merge adds
/// to what the batch did to its key before.
///
/// Keys and values are copied in, encoded back to back in one growing array, so that a batch of a
/// thousand rows is one object. Not thread-safe; not to be changed after it was handed to a [Db].
///
/// ```java
/// new WriteBatch()
///         .put(Bytes.utf8("session/7"), value, Expiry.after(Duration.ofMinutes(30)))
///         .merge(Bytes.utf8("hits"), one)
///         .delete(Bytes.utf8("session/6"));
/// ```
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
    static final byte MERGE = 3;
    static final byte EXPIRING_MERGE = 4;
    // Only until the batch is committed: then it is known when they expire.
    static final byte PUT_FOR = 5;
    static final byte MERGE_FOR = 6;
    static final byte PUT_FOREVER = 7;
    static final byte MERGE_FOREVER = 8;

    private static final byte[] EMPTY = {};
    private static final int BYTES_FIRST = 128;
    private static final int ROW_HEAD_BYTES_MAX = 1 + 2 * Varint.BYTES_MAX + Long.BYTES;

    private byte[] encoded = EMPTY; // until the first row, which often is the only one
    private int end;
    private int rows;
    private int merges;
    private int unstamped;

    /// When a row ends of its own accord. Times are those of the database's clock.
    ///
    /// @param millis since the Unix epoch, or since the commit; 0 where the kind needs none
    public record Expiry(Kind kind, long millis) {
        private static final Expiry USUAL = new Expiry(Kind.USUAL, 0);
        private static final Expiry NEVER = new Expiry(Kind.NEVER, 0);

        /// How the end is said.
        public enum Kind {
            /// As [Settings.Rows#defaultTtl] says at the commit.
            USUAL,
            /// It does not end.
            NEVER,
            /// So long after the commit.
            AFTER,
            /// At that time.
            AT
        }

        /// As [Settings.Rows#defaultTtl] says at the commit.
        public static Expiry usual() {
            return USUAL;
        }

        /// Not at all, whatever the settings say.
        public static Expiry never() {
            return NEVER;
        }

        /// `ttl` after the commit. Throws `Invalid` if that is not positive.
        public static Expiry after(Duration ttl) {
            if (!ttl.isPositive())
                throw new StorageException.Invalid("ttl must be positive. ttl=`" + ttl + "`", null);
            boolean isForever = Long.MAX_VALUE / 1000 <= ttl.toSeconds();
            return isForever ? NEVER : new Expiry(Kind.AFTER, Math.max(1, ttl.toMillis()));
        }

        /// At `time`, whenever the commit is.
        public static Expiry at(Instant time) {
            return atMillis(time.toEpochMilli());
        }

        /// At so many milliseconds since the Unix epoch, whenever the commit is.
        public static Expiry atMillis(long millis) {
            return new Expiry(Kind.AT, millis);
        }
    }

    /// How a batch is to be committed.
    ///
    /// @param durability what is waited for
    /// @param seq the number of the commit, above that of every commit before; 0 for the next one.
    ///   For a caller whose own log has numbered it already; a database with a local log takes none
    /// @param createdAt the time that its rows tell, and from which their time to live counts; not
    ///   ahead of the database's clock, which null stands for
    public record Options(Durability durability, long seq, @Nullable Instant createdAt) {
        /// The largest number that a caller may give.
        public static final long SEQ_MAX = 1L << 60;

        public Options {
            require(0 <= seq && seq <= SEQ_MAX, "seq out of range: %d", seq);
        }

        /// The next number, now.
        public static Options of(Durability durability) {
            return new Options(durability, 0, null);
        }

        /// The same with that number.
        public Options withSeq(long seq) {
            return new Options(durability, seq, createdAt);
        }

        /// The same as of that time.
        public Options withCreatedAt(Instant createdAt) {
            return new Options(durability, seq, createdAt);
        }
    }

    /// What became of a batch.
    ///
    /// @param seq the number of its commit; that of the last commit if the batch was empty
    /// @param createdAt the time that its rows tell
    public record Committed(long seq, Instant createdAt) {}

    /// Makes room for `rows` more, whose keys and values take `bytes` together: else a large batch
    /// grows by copying, and takes up to three times what is in it meanwhile.
    public WriteBatch reserve(int rows, long bytes) {
        ensure(bytes + (long) rows * ROW_HEAD_BYTES_MAX);
        return this;
    }

    /// Sets `key` to `value`, until [Settings.Rows#defaultTtl] is over, if there is one.
    public WriteBatch put(Bytes key, Bytes value) {
        append(PUT, 0, key, value);
        return this;
    }

    /// Sets `key` to `value` until `expireAtMillis`, in milliseconds since the Unix epoch.
    public WriteBatch put(Bytes key, Bytes value, long expireAtMillis) {
        append(EXPIRING_PUT, expireAtMillis, key, value);
        return this;
    }

    /// Sets `key` to `value` until `expiry`. Once it has expired the key is gone: what it had
    /// before does not come back.
    public WriteBatch put(Bytes key, Bytes value, Expiry expiry) {
        byte kind =
                switch (expiry.kind()) {
                    case USUAL -> PUT;
                    case NEVER -> PUT_FOREVER;
                    case AFTER -> PUT_FOR;
                    case AT -> EXPIRING_PUT;
                };
        append(kind, expiry.millis(), key, value);
        return this;
    }

    /// Merges `operand` into `key`, as the database's [MergeOperator] does it; nothing is read.
    public WriteBatch merge(Bytes key, Bytes operand) {
        append(MERGE, 0, key, operand);
        return this;
    }

    /// Merges `operand` into `key` until `expiry`: then it alone no longer counts. Operands that
    /// one batch merges into one key expire together, and with what the batch put there, or the
    /// commit is `Invalid`.
    public WriteBatch merge(Bytes key, Bytes operand, Expiry expiry) {
        byte kind =
                switch (expiry.kind()) {
                    case USUAL -> MERGE;
                    case NEVER -> MERGE_FOREVER;
                    case AFTER -> MERGE_FOR;
                    case AT -> EXPIRING_MERGE;
                };
        append(kind, expiry.millis(), key, operand);
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

    /// True if some row is merged.
    public boolean hasMerges() {
        return 0 < merges;
    }

    /// True if it takes the time of the commit to say when some row expires, or that it does not.
    public boolean isUnstamped() {
        return 0 < unstamped;
    }

    /// How many bytes the rows take in their encoded form.
    public int bytes() {
        return end;
    }

    /// Stands before the first row. The batch must not change while the cursor is used.
    public BatchCursor cursor() {
        return BatchCursor.over(Bytes.wrap(encoded, 0, end));
    }

    private void append(byte kind, long millis, Bytes key, Bytes value) {
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
        if (hasTime(kind)) {
            for (int shift = 56; 0 <= shift; shift -= 8) encoded[end++] = (byte) (millis >>> shift);
        }
        key.copyTo(encoded, end);
        end += key.length();
        value.copyTo(encoded, end);
        end += value.length();
        rows++;
        if (isMerge(kind)) merges++;
        if (EXPIRING_MERGE < kind) unstamped++;
    }

    static boolean isMerge(byte kind) {
        return kind == MERGE
                || kind == EXPIRING_MERGE
                || kind == MERGE_FOR
                || kind == MERGE_FOREVER;
    }

    static boolean hasTime(byte kind) {
        return kind == EXPIRING_PUT
                || kind == EXPIRING_MERGE
                || kind == PUT_FOR
                || kind == MERGE_FOR;
    }

    private void ensure(long more) {
        long needed = end + more;
        if (needed <= encoded.length) return;
        if (Integer.MAX_VALUE - 8 < needed)
            throw new StorageException.Invalid("batch too large. bytes=`" + needed + "`", null);
        long wanted = Math.max(needed, Math.max(BYTES_FIRST, 2L * encoded.length));
        encoded = Arrays.copyOf(encoded, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
    }
}
