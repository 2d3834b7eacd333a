package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.outline.Outline;
import org.jspecify.annotations.Nullable;

/// The collection at one key, as one run sees it: a count and some fields of its type in the meta
/// row, and data rows by name (see [MemberRow]).
///
/// Invariant: whoever changes data rows calls [#save] before the run ends. Not thread-safe.
public final class Collection {
    private final Keyspace keyspace;
    private final Bytes key;
    private final KeyType type;
    private @Nullable Meta meta;
    private long version;
    private Bytes prefix = Bytes.EMPTY; // empty until it is needed

    Collection(Keyspace keyspace, Bytes key, KeyType type, @Nullable Meta meta) {
        this.keyspace = keyspace;
        this.key = key;
        this.type = type;
        this.meta = meta;
        this.version = meta == null ? 0 : meta.rows().version();
    }

    /// True if the key exists.
    public boolean exists() {
        return meta != null;
    }

    /// How many elements there are; 0 if the key does not exist.
    public long count() {
        return meta == null ? 0 : meta.rows().count();
    }

    /// The type's own fields in the meta row; empty if the key does not exist.
    public Bytes tail() {
        return meta == null ? Bytes.EMPTY : meta.tail();
    }

    /// The hash under which a field or member stands.
    public int hash(Bytes member) {
        return keyspace.execution().hash().of(member);
    }

    /// A number drawn at random.
    public long random() {
        return keyspace.execution().env().randomLong();
    }

    /// Notes that the run holds so many bytes more. An error if that is too much.
    public void hold(long bytes) {
        keyspace.hold(bytes);
    }

    /// False if `name` is too long for a row.
    public boolean takes(Bytes name) {
        return prefix().length() + name.length() <= WriteBatch.KEY_BYTES_MAX;
    }

    /// The value of the row `name`; null if there is none.
    public @Nullable Bytes get(Bytes name) {
        if (version == 0 || !takes(name)) return null;
        Bytes value = keyspace.execution().rows().get(rowKey(name));
        if (value != null) keyspace.hold(value.length());
        return value;
    }

    /// Sets the row `name`.
    public void put(Bytes name, Bytes value) {
        if (version == 0) version = keyspace.execution().takeVersion();
        keyspace.execution().rows().put(rowKey(name), value);
    }

    /// Sets the row `name`, and tells whether it is new.
    public boolean putIsNew(Bytes name, Bytes value) {
        if (version == 0) {
            put(name, value);
            return true;
        }
        Bytes rowKey = rowKey(name);
        StagedRows rows = keyspace.execution().rows();
        Bytes old = rows.get(rowKey);
        if (old != null) keyspace.hold(old.length());
        rows.put(rowKey, value);
        return old == null;
    }

    /// Removes the row `name`.
    public void delete(Bytes name) {
        if (version != 0) keyspace.execution().rows().delete(rowKey(name));
    }

    /// Gives up all rows in one step. What is put from now on stands apart from them.
    public void clear() {
        version = keyspace.execution().takeVersion();
        prefix = Bytes.EMPTY;
    }

    /// The outline called `name`; null if it is not known. For runs that write the collection: it
    /// may be newer than what the run sees, which then does not commit.
    public @Nullable Outline outline(Bytes name) {
        return version == 0 ? null : keyspace.execution().outline(rowKey(name));
    }

    /// Notes that the outline called `name` was missed, and tells how often it was.
    public int outlineMissed(Bytes name) {
        return version == 0 ? 0 : keyspace.execution().outlineMissed(rowKey(name));
    }

    /// From now on `outline`, which was made of all rows, is the one called `name`.
    public void madeOutline(Bytes name, Outline outline) {
        if (version == 0) return;
        keyspace.execution().outline(rowKey(name), outline);
        keyspace.execution().outlineMade(rowKey(name));
    }

    /// From now on `outline` is the one called `name`; null if it is not known.
    public void outline(Bytes name, @Nullable Outline outline) {
        if (version != 0) keyspace.execution().outline(rowKey(name), outline);
    }

    /// Forgets the outline called `name`, and tells whether the run may have gone by one of a later
    /// commit than it sees.
    public boolean dropOutline(Bytes name) {
        return version != 0 && keyspace.execution().dropOutline(rowKey(name));
    }

    /// Writes the meta row. A collection of no elements ceases to exist, unless it is a stream.
    public void save(long count, Bytes tail) {
        if (count == 0 && type != KeyType.STREAM) {
            keyspace.delete(key);
            meta = null;
            version = 0;
            prefix = Bytes.EMPTY;
            return;
        }
        if (version == 0) version = keyspace.execution().takeVersion();
        long expireAt = meta == null ? Meta.NO_EXPIRY : meta.expireAtMillis();
        var rows = new Meta.Rows(version, count);
        meta = new Meta(type, StringForm.PLAIN, expireAt, rows, tail);
        keyspace.put(key, meta);
    }

    /// The rows whose names lie in `names`, as they stand at this call. To be closed.
    public Rows rows(KeyRange names, Order order) {
        if (version == 0) return new Rows(null, 0);
        Bytes start = names.start() == null ? prefix() : rowKey(names.start());
        Bytes end = names.end() == null ? KeyRange.prefix(prefix()).end() : rowKey(names.end());
        Scan scan = keyspace.execution().rows().scan(new KeyRange(start, end), order);
        return new Rows(scan, prefix().length());
    }

    private Bytes prefix() {
        if (prefix.isEmpty()) prefix = MemberRow.prefix(keyspace.writableMetaKey(key), version);
        return prefix;
    }

    private Bytes rowKey(Bytes name) {
        return keyspace.execution().rowKey(prefix(), name);
    }

    /// Some data rows, one after another. Closing it ends the scan behind it.
    public final class Rows implements AutoCloseable {
        private final @Nullable Scan scan;
        private final int prefixLength;

        private Rows(@Nullable Scan scan, int prefixLength) {
            this.scan = scan;
            this.prefixLength = prefixLength;
        }

        /// Moves to the next row, and tells whether there is one.
        public boolean next() {
            return scan != null && scan.next();
        }

        /// Moves so that [#next] gives the row `name`, or the first one behind it.
        public void seek(Bytes name) {
            if (scan != null) scan.seek(rowKey(name));
        }

        /// The name of the current row.
        public Bytes name() {
            Bytes rowKey = scan().key();
            return rowKey.slice(prefixLength, rowKey.length());
        }

        /// The value of the current row.
        public Bytes value() {
            return scan().value();
        }

        private Scan scan() {
            if (scan == null) throw new AssertionError("no row");
            return scan;
        }

        @Override
        public void close() {
            if (scan != null) scan.close();
        }
    }
}
