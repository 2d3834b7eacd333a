package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.MemberRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The stream at one key, as one run sees it: entries in rows, in the order of their ids.
///
/// ```
/// fields in the meta row: | last id | first id | greatest deleted id | entries added u64 |
///                         | groups u32 |
/// ```
///
/// The first id is zero where there are no entries. Not thread-safe. Whoever changes the stream
/// calls [#save] before the run ends.
final class RedisStream {
    /// The number of entries up to a place where nobody can tell it.
    static final long UNKNOWN = -1;

    private static final int FIELDS_BYTES = 3 * StreamId.BYTES + Long.BYTES + Integer.BYTES;

    private final Collection rows;
    private long count;
    private StreamId last = StreamId.ZERO;
    private StreamId first = StreamId.ZERO;
    private StreamId deleted = StreamId.ZERO;
    private long added;
    private int groups;

    private RedisStream(Keyspace keyspace, Bytes key) {
        this.rows = keyspace.collectionAt(key, KeyType.STREAM);
        this.count = rows.count();
        if (!rows.exists()) return;
        Bytes fields = rows.tail();
        if (fields.length() != FIELDS_BYTES)
            throw new StorageException.CorruptData(
                    "stream fields invalid. length=`" + fields.length() + "`", null);
        ByteBuffer in = fields.toBuffer();
        last = StreamId.getFrom(in);
        first = StreamId.getFrom(in);
        deleted = StreamId.getFrom(in);
        added = in.getLong();
        groups = in.getInt();
    }

    /// The stream at `key`. An error if there is a value of another type.
    static RedisStream at(Keyspace keyspace, Bytes key) {
        return new RedisStream(keyspace, key);
    }

    boolean exists() {
        return rows.exists();
    }

    long count() {
        return count;
    }

    /// The id that was given out last, whether its entry is there or not.
    StreamId last() {
        return last;
    }

    StreamId first() {
        return first;
    }

    StreamId greatestDeleted() {
        return deleted;
    }

    long added() {
        return added;
    }

    int groups() {
        return groups;
    }

    /// One group more, or less.
    void groupsBy(int difference) {
        groups += difference;
    }

    /// The rows of the groups and of the entries.
    Collection rows() {
        return rows;
    }

    /// What XSETID sets.
    void setLast(StreamId id, long entriesAdded, StreamId greatestDeleted) {
        last = id;
        added = entriesAdded;
        deleted = greatestDeleted;
    }

    /// Writes the meta row. A stream without entries stays.
    void save() {
        ByteBuffer fields = ByteBuffer.allocate(FIELDS_BYTES);
        last.putTo(fields);
        first.putTo(fields);
        deleted.putTo(fields);
        fields.putLong(added).putInt(groups);
        rows.save(count, Bytes.wrap(fields.array()));
    }

    /// Adds an entry with an id above all that there were.
    void add(StreamId id, List<Bytes> fields) {
        rows.put(MemberRow.entry(id.millis(), id.sequence()), Entry.encode(fields));
        last = id;
        if (count == 0) first = id;
        count++;
        added++;
    }

    /// The entry of `id`; null if there is none.
    @Nullable Entry get(StreamId id) {
        Bytes value = rows.get(MemberRow.entry(id.millis(), id.sequence()));
        return value == null ? null : Entry.decode(id, value);
    }

    /// Removes the entry of `id`, and tells whether there was one.
    boolean delete(StreamId id) {
        Bytes name = MemberRow.entry(id.millis(), id.sequence());
        if (rows.get(name) == null) return false;
        rows.delete(name);
        count--;
        if (id.isAbove(deleted)) deleted = id;
        if (id.equals(first)) first = firstFrom(id);
        return true;
    }

    /// Removes the oldest entries: those below `least`, and those that are too many, but `most` at
    /// most. Returns how many.
    long trim(StreamId least, long countMax, long most) {
        long removed = 0;
        try (Entries entries = entries(first, StreamId.MAX, Order.ASCENDING)) {
            while (removed < most && (countMax < count || !least.isZero()) && entries.next()) {
                StreamId id = entries.id();
                if (count <= countMax && !id.isBelow(least)) break;
                rows.delete(MemberRow.entry(id.millis(), id.sequence()));
                count--;
                removed++;
            }
        }
        if (0 < removed) first = firstFrom(first);
        return removed;
    }

    private StreamId firstFrom(StreamId id) {
        if (count == 0) return StreamId.ZERO;
        try (Entries entries = entries(id, StreamId.MAX, Order.ASCENDING)) {
            return entries.next() ? entries.id() : StreamId.ZERO;
        }
    }

    /// The first or the last entry, as `order` has it; null if there is none.
    @Nullable Entry outermost(Order order) {
        List<Entry> found = range(first, StreamId.MAX, order, 1);
        return found.isEmpty() ? null : found.getFirst();
    }

    /// Up to `most` entries from `from` to `to`, both included.
    List<Entry> range(StreamId from, StreamId to, Order order, long most) {
        List<Entry> found = new ArrayList<>();
        if (most <= 0) return found;
        visit(
                from,
                to,
                order,
                entry -> {
                    rows.hold(entry.heldBytes());
                    return found.add(entry) && found.size() < most;
                });
        return found;
    }

    /// Visits the entries from `from` to `to`, both included, as long as `visitor` takes more.
    void visit(StreamId from, StreamId to, Order order, Predicate<Entry> visitor) {
        // What was trimmed away in front is not walked over.
        StreamId start = from.isBelow(first) ? first : from;
        if (from.isAbove(to) || start.isAbove(to)) return;
        try (Entries entries = entries(start, to, order)) {
            boolean takesMore = true;
            while (takesMore && entries.next()) takesMore = visitor.test(entries.entry());
        }
    }

    /// True if an entry between `from` and the end may have been deleted.
    boolean hasGapsFrom(StreamId from) {
        return 0 < count && !deleted.isBelow(first) && !from.isAbove(deleted);
    }

    /// How many entries were ever added up to `id`, as far as that can be told; else [#UNKNOWN].
    long addedUpTo(StreamId id) {
        if (added == 0) return 0;
        if (count == 0 && !id.isAbove(last)) return added;
        if (id.equals(last)) return added;
        if (id.isAbove(last)) return UNKNOWN;
        boolean isWhole = deleted.isZero() || deleted.isBelow(first);
        if (isWhole && id.isBelow(first)) return added - count;
        if (isWhole && id.equals(first)) return added - count + 1;
        return UNKNOWN;
    }

    private Entries entries(StreamId from, StreamId to, Order order) {
        StreamId end = to.next();
        KeyRange all = MemberRow.STREAM_ENTRY.range();
        Bytes start = MemberRow.entry(from.millis(), from.sequence());
        Bytes behind = end == null ? all.end() : MemberRow.entry(end.millis(), end.sequence());
        return new Entries(rows.rows(new KeyRange(start, behind), order));
    }

    /// A walk over entries. Closing it ends the scan behind it.
    private static final class Entries implements AutoCloseable {
        private final Collection.Rows found;

        private Entries(Collection.Rows found) {
            this.found = found;
        }

        boolean next() {
            return found.next();
        }

        StreamId id() {
            Bytes name = found.name();
            return new StreamId(MemberRow.millisecondsIn(name), MemberRow.sequenceIn(name));
        }

        Entry entry() {
            return Entry.decode(id(), found.value());
        }

        @Override
        public void close() {
            found.close();
        }
    }
}
