package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be asked of a database.
///
/// Failures are [StorageException]s: `Invalid` for an empty key or one over 65535 bytes, and for
/// options that these reads do not know; `Closed` after close, `Unavailable` where the store did
/// not answer, `CorruptData` where stored bytes are wrong.
///
/// ```java
/// Bytes apple = db.get(Bytes.utf8("fruit/apple"));
/// try (Scan fruits = db.scan(KeyRange.prefix(Bytes.utf8("fruit/")))) {
///     while (fruits.next()) System.out.println(fruits.key() + " is " + fruits.value());
/// }
/// ```
public interface Reads {
    /// A pair, and what is known of it. Where it was merged, its newest operand says when it came
    /// to be, and the first of its parts to expire when it changes.
    ///
    /// @param seq the commit that made it; 0 if it is not committed yet
    /// @param createdAt the time of that commit; null if no one has noted it
    /// @param expireAt null if it does not expire
    record Row(
            Bytes key,
            Bytes value,
            long seq,
            @Nullable Instant createdAt,
            @Nullable Instant expireAt) {}

    /// What a read may show.
    ///
    /// ```java
    /// // no crash takes it back
    /// db.get(key, Reads.Options.defaults().withDurability(Durability.REMOTE));
    /// ```
    ///
    /// @param durability only commits that have reached it are shown
    /// @param expired whether rows that have expired are shown
    record Options(Durability durability, Expired expired) {
        private static final Options DEFAULTS = new Options(Durability.MEMORY, Expired.HIDDEN);

        /// What becomes of a row between its expiry and its removal by a compaction.
        public enum Expired {
            /// It is gone once its time has come.
            HIDDEN,
            /// It shows until a compaction removes it.
            SHOWN
        }

        /// All that is committed and has not expired.
        public static Options defaults() {
            return DEFAULTS;
        }

        /// The same for what has reached `durability`.
        public Options withDurability(Durability durability) {
            return new Options(durability, expired);
        }

        /// The same with or without expired rows.
        public Options withExpired(Expired expired) {
            return new Options(durability, expired);
        }
    }

    /// The value of `key`, or null if there is none.
    @Nullable Bytes get(Bytes key);

    /// The value of `key` as far as `options` let it show, or null if there is none.
    default @Nullable Bytes get(Bytes key, Options options) {
        Row row = row(key, options);
        return row == null ? null : row.value();
    }

    /// The value of `key` with all that is known of it, or null if there is none.
    default @Nullable Row row(Bytes key) {
        return row(key, Options.defaults());
    }

    /// The value of `key` with all that is known of it, as far as `options` let it show, or null if
    /// there is none.
    default @Nullable Row row(Bytes key, Options options) {
        if (!options.equals(Options.defaults())) throw unknown();
        Bytes value = get(key);
        return value == null ? null : new Row(key, value, 0, null, null);
    }

    /// The values of `keys` in their order, all as of one moment; null where there is none. At most
    /// [#KEYS_MAX].
    default List<@Nullable Bytes> multiGet(List<Bytes> keys) {
        return multiGet(keys, Options.defaults());
    }

    /// The same as far as `options` let them show.
    default List<@Nullable Bytes> multiGet(List<Bytes> keys, Options options) {
        if (KEYS_MAX < keys.size())
            throw new StorageException.Invalid("too many keys. keys=`" + keys.size() + "`", null);
        var values = new ArrayList<@Nullable Bytes>(keys.size());
        for (Bytes key : keys) values.add(get(key, options));
        return values;
    }

    /// How many keys [#multiGet] takes.
    int KEYS_MAX = 10_000;

    /// The pairs of `range` in `order`.
    Scan scan(KeyRange range, Order order);

    /// The pairs of `range`, least key first.
    default Scan scan(KeyRange range) {
        return scan(range, Order.ASCENDING);
    }

    /// The pairs of `range`, as `options` say.
    default Scan scan(KeyRange range, Scan.Options options) {
        if (!options.equals(Scan.Options.defaults().withOrder(options.order()))) throw unknown();
        return scan(range, options.order());
    }

    /// The rows of `range` as they are stored, newest source first.
    default Scan.Versions versions(KeyRange range) {
        throw new StorageException.Invalid("these reads show no versions", null);
    }

    private static StorageException.Invalid unknown() {
        return new StorageException.Invalid("these reads know no options", null);
    }
}
