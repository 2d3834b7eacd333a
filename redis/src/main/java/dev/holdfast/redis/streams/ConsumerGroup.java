package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.MemberRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A consumer group of a stream, as one run sees it: how far it has read, its consumers, and what
/// is pending, in rows of the stream.
///
/// ```
/// name of a row: | group escaped | 00 01 | part u8 | ...
/// part 0: the group       -> | last delivered id | entries read i64 | pending u64 |
///                            | consumers u64 |
/// part 1: | consumer |    -> the consumer
/// part 2: | id |          -> what is pending
/// part 3: | consumer escaped | 00 01 | id | -> nothing: what is pending of one consumer
/// ```
///
/// Not thread-safe. Whoever changes it calls [#save] before the run ends, and saves the stream.
final class ConsumerGroup {
    private static final byte ITSELF = 0;
    private static final byte CONSUMER = 1;
    private static final byte PENDING = 2;
    private static final byte OWNED = 3;

    private final Collection rows;
    private final Bytes name;
    private final Bytes escaped;
    private StreamId delivered;
    private long read;
    private long pending;
    private long consumers;

    private ConsumerGroup(Collection rows, Bytes name, Bytes escaped, Bytes value) {
        this.rows = rows;
        this.name = name;
        this.escaped = escaped;
        ByteBuffer in = value.toBuffer();
        this.delivered = StreamId.getFrom(in);
        this.read = in.getLong();
        this.pending = in.getLong();
        this.consumers = in.getLong();
    }

    /// The group `name` of `stream`; null if there is none.
    static @Nullable ConsumerGroup find(RedisStream stream, Bytes name) {
        Bytes escaped = escape(name);
        Bytes value = stream.rows().get(rowOf(escaped, ITSELF, Bytes.EMPTY));
        return value == null ? null : new ConsumerGroup(stream.rows(), name, escaped, value);
    }

    /// Makes the group `name`, which has read up to `delivered`.
    static ConsumerGroup make(RedisStream stream, Bytes name, StreamId delivered, long read) {
        ByteBuffer none = ByteBuffer.allocate(StreamId.BYTES + 3 * Long.BYTES);
        var group = new ConsumerGroup(stream.rows(), name, escape(name), Bytes.wrap(none.array()));
        group.delivered = delivered;
        group.read = read;
        group.save();
        stream.groupsBy(1);
        return group;
    }

    /// All groups of `stream`, in the order of their names.
    static List<ConsumerGroup> all(RedisStream stream) {
        List<ConsumerGroup> found = new ArrayList<>();
        Collection rows = stream.rows();
        try (Collection.Rows walk = rows.rows(MemberRow.STREAM_GROUP.range(), Order.ASCENDING)) {
            while (walk.next()) {
                Bytes rowName = walk.name();
                Bytes escaped = rowName.slice(1, rowName.length() - 1);
                found.add(new ConsumerGroup(rows, unescape(escaped), escaped, walk.value()));
                walk.seek(MemberRow.grouped(join(escaped, (byte) (OWNED + 1), Bytes.EMPTY)));
            }
        }
        return found;
    }

    Bytes name() {
        return name;
    }

    /// The last id that was delivered to anybody.
    StreamId delivered() {
        return delivered;
    }

    /// How many entries were read, or [RedisStream#UNKNOWN].
    long read() {
        return read;
    }

    long pending() {
        return pending;
    }

    long consumers() {
        return consumers;
    }

    /// It has read up to `id`.
    void deliveredTo(StreamId id, long read) {
        this.delivered = id;
        this.read = read;
    }

    /// Writes its row.
    void save() {
        ByteBuffer out = ByteBuffer.allocate(StreamId.BYTES + 3 * Long.BYTES);
        delivered.putTo(out);
        out.putLong(read).putLong(pending).putLong(consumers);
        rows.put(rowOf(escaped, ITSELF, Bytes.EMPTY), Bytes.wrap(out.array()));
    }

    /// Removes it with all that belongs to it.
    void destroy(RedisStream stream) {
        try (Collection.Rows walk =
                rows.rows(KeyRange.prefix(MemberRow.grouped(escaped)), Order.ASCENDING)) {
            while (walk.next()) rows.delete(walk.name());
        }
        stream.groupsBy(-1);
    }

    /// The consumer called `consumer`; null if there is none.
    @Nullable Consumer consumer(Bytes consumer) {
        Bytes value = rows.get(rowOf(escaped, CONSUMER, consumer));
        return value == null ? null : Consumer.decode(consumer, value);
    }

    /// Writes the row of a consumer; of a new one if there was none.
    void put(Consumer consumer) {
        if (consumer(consumer.name()) == null) consumers++;
        rows.put(rowOf(escaped, CONSUMER, consumer.name()), consumer.encode());
    }

    /// Removes a consumer with all that is pending of it; returns how much that was.
    long remove(Consumer consumer) {
        List<StreamId> owned = owned(consumer.name(), StreamId.ZERO, StreamId.MAX, Long.MAX_VALUE);
        for (StreamId id : owned) {
            rows.delete(rowOf(escaped, PENDING, bytes(id)));
            rows.delete(ownedRow(consumer.name(), id));
        }
        rows.delete(rowOf(escaped, CONSUMER, consumer.name()));
        pending -= owned.size();
        consumers--;
        return owned.size();
    }

    /// All consumers, in the order of their names.
    List<Consumer> allConsumers() {
        Bytes prefix = rowOf(escaped, CONSUMER, Bytes.EMPTY);
        List<Consumer> found = new ArrayList<>();
        try (Collection.Rows walk = rows.rows(KeyRange.prefix(prefix), Order.ASCENDING)) {
            while (walk.next()) {
                Bytes rowName = walk.name();
                Bytes consumer = rowName.slice(prefix.length(), rowName.length());
                found.add(Consumer.decode(consumer, walk.value()));
            }
        }
        return found;
    }

    /// What is pending of `id`; null if nothing is.
    @Nullable Pending pending(StreamId id) {
        Bytes value = rows.get(rowOf(escaped, PENDING, bytes(id)));
        return value == null ? null : Pending.decode(id, value);
    }

    /// Notes that an entry is pending, whoever had it before.
    void put(Pending next) {
        Pending old = pending(next.id());
        boolean isMoved = old != null && !old.consumer().equals(next.consumer());
        if (old == null) pending++;
        if (isMoved) disown(old);
        if (old == null || isMoved) own(next);
        rows.put(rowOf(escaped, PENDING, bytes(next.id())), next.encode());
    }

    /// Notes that an entry is pending, of whom is said later by [#own]; false if it was already.
    boolean pend(Pending unowned) {
        if (pending(unowned.id()) != null) return false;
        rows.put(rowOf(escaped, PENDING, bytes(unowned.id())), unowned.encode());
        pending++;
        return true;
    }

    /// Gives what [#pend] noted of `id` to `consumer`; false if nothing was, or if it is
    /// somebody's.
    boolean own(Consumer consumer, StreamId id) {
        Pending unowned = pending(id);
        if (unowned == null || rows.get(ownedRow(consumer.name(), id)) != null) return false;
        if (!unowned.consumer().isEmpty()) return false;
        rows.put(rowOf(escaped, PENDING, bytes(id)), unowned.ownedBy(consumer.name()).encode());
        rows.put(ownedRow(consumer.name(), id), Bytes.EMPTY);
        put(consumer.pendingBy(1));
        return true;
    }

    /// Nothing is pending of that entry any more.
    void remove(Pending done) {
        rows.delete(rowOf(escaped, PENDING, bytes(done.id())));
        disown(done);
        pending--;
    }

    private void own(Pending next) {
        Consumer consumer = consumer(next.consumer());
        if (consumer != null) put(consumer.pendingBy(1));
        rows.put(ownedRow(next.consumer(), next.id()), Bytes.EMPTY);
    }

    private void disown(Pending old) {
        Consumer consumer = consumer(old.consumer());
        if (consumer != null) put(consumer.pendingBy(-1));
        rows.delete(ownedRow(old.consumer(), old.id()));
    }

    /// Shows what is pending from `from` to `to`, both included, to `visitor` until it answers
    /// false. Of `consumer` alone, if that is not null.
    void visit(@Nullable Bytes consumer, StreamId from, StreamId to, Predicate<Pending> visitor) {
        if (from.isAbove(to)) return;
        Bytes prefix =
                consumer == null
                        ? rowOf(escaped, PENDING, Bytes.EMPTY)
                        : rowOf(escaped, OWNED, escape(consumer));
        KeyRange whole = KeyRange.prefix(prefix);
        StreamId behind = to.next();
        Bytes end = behind == null ? whole.end() : join(prefix, bytes(behind));
        KeyRange range = new KeyRange(join(prefix, bytes(from)), end);
        try (Collection.Rows walk = rows.rows(range, Order.ASCENDING)) {
            boolean goOn = true;
            while (goOn && walk.next()) {
                Bytes rest = walk.name().slice(prefix.length(), walk.name().length());
                StreamId id = StreamId.getFrom(rest.toBuffer());
                Pending found = consumer == null ? Pending.decode(id, walk.value()) : pending(id);
                goOn = found == null || visitor.test(found);
            }
        }
    }

    /// What is pending of one consumer, from `from` to `to`.
    List<StreamId> owned(Bytes consumer, StreamId from, StreamId to, long most) {
        List<StreamId> found = new ArrayList<>();
        visit(
                consumer,
                from,
                to,
                each -> {
                    if (found.size() < most) found.add(each.id());
                    return found.size() < most;
                });
        return found;
    }

    /// The greatest id that is pending; null if nothing is.
    @Nullable StreamId greatestPending() {
        Bytes prefix = rowOf(escaped, PENDING, Bytes.EMPTY);
        try (Collection.Rows walk = rows.rows(KeyRange.prefix(prefix), Order.DESCENDING)) {
            if (!walk.next()) return null;
            Bytes rowName = walk.name();
            return StreamId.getFrom(rowName.slice(prefix.length(), rowName.length()).toBuffer());
        }
    }

    private Bytes ownedRow(Bytes consumer, StreamId id) {
        return rowOf(escaped, OWNED, join(escape(consumer), bytes(id)));
    }

    private static Bytes rowOf(Bytes escaped, byte part, Bytes rest) {
        return MemberRow.grouped(join(escaped, part, rest));
    }

    private static Bytes bytes(StreamId id) {
        ByteBuffer out = ByteBuffer.allocate(StreamId.BYTES);
        id.putTo(out);
        return Bytes.wrap(out.array());
    }

    private static Bytes join(Bytes head, Bytes rest) {
        byte[] joined = new byte[head.length() + rest.length()];
        head.copyTo(joined, 0);
        rest.copyTo(joined, head.length());
        return Bytes.wrap(joined);
    }

    private static Bytes join(Bytes head, byte part, Bytes rest) {
        return join(join(head, Bytes.wrap(new byte[] {part})), rest);
    }

    // Each 00 is followed by ff, so that 00 01 ends the name.
    private static Bytes escape(Bytes name) {
        int zeros = 0;
        for (int i = 0; i < name.length(); i++) if (name.at(i) == 0) zeros++;
        byte[] escaped = new byte[name.length() + zeros + 2];
        int end = 0;
        for (int i = 0; i < name.length(); i++) {
            escaped[end++] = name.at(i);
            if (name.at(i) == 0) escaped[end++] = (byte) 0xff;
        }
        escaped[end + 1] = 1;
        return Bytes.wrap(escaped);
    }

    private static Bytes unescape(Bytes escaped) {
        byte[] name = new byte[escaped.length() - 2];
        int length = 0;
        for (int i = 0; i < escaped.length() - 2; i++) {
            name[length++] = escaped.at(i);
            if (escaped.at(i) == 0) i++;
        }
        return Bytes.copyOf(name, 0, length);
    }
}
