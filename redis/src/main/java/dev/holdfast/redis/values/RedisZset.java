package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.MemberRow;
import dev.holdfast.redis.signal.EventKind;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sorted set at one key, as one run sees it: each member has a row by its hash and a row by
/// its score, and a large set counts the latter.
///
/// Places are names of rows by score: those of a range lie in `[start, end)`. Not thread-safe.
public final class RedisZset {
    private static final Bytes MINUS_ZERO = Bytes.wrap(new byte[] {1});

    private final Collection collection;
    private final HashedMembers members;
    private final RankCounts counts;
    private long count;
    private Form form;

    private RedisZset(Collection collection) {
        this.collection = collection;
        this.members = new HashedMembers(collection, MemberRow.ZSET_MEMBER);
        this.counts = new RankCounts(collection);
        this.count = collection.count();
        this.form = Form.ofTail(collection.tail());
    }

    /// The sorted set at `key`, which may not exist; an error if there is a value of another type.
    public static RedisZset at(Keyspace keyspace, Bytes key) {
        return new RedisZset(keyspace.collectionAt(key, KeyType.ZSET));
    }

    /// Has `key` hold `members`, which are in order and differ, whatever is there now.
    public static void store(Keyspace keyspace, Bytes key, List<Scored> members, String event) {
        if (members.isEmpty()) {
            keyspace.deleteForNothing(key);
            return;
        }
        var zset = new RedisZset(keyspace.overwriteAt(key, KeyType.ZSET));
        zset.fill(members);
        zset.save();
        keyspace.event(EventKind.ZSET, event, key);
    }

    /// True if the key exists.
    public boolean exists() {
        return 0 < count;
    }

    /// How many members there are.
    public long count() {
        return count;
    }

    /// Whether it is packed.
    public Form form() {
        return form;
    }

    /// The members with their scores in eight bytes (see [#scoreIn]), to read.
    public HashedMembers members() {
        return members;
    }

    /// The score in the value of a member.
    public static double scoreIn(Bytes value) {
        if (value.length() != Double.BYTES)
            throw new StorageException.CorruptData("score invalid. value=`" + value + "`", null);
        return value.toBuffer().getDouble();
    }

    /// The score of `member`; null if it is not there.
    public @Nullable Double score(Bytes member) {
        Bytes value = count == 0 ? null : members.get(member);
        return value == null ? null : scoreIn(value);
    }

    /// Tells a set without members how many it is about to get, and how long the longest of them
    /// is. The form that it comes to have decides what becomes of a minus zero.
    public void expect(long members, int longest) {
        boolean isPacked = members <= Form.PACKED_COUNT_MAX && longest <= Form.PACKED_BYTES_MAX;
        if (count != 0 || isPacked) return;
        form = Form.SPREAD;
        counts.countAll();
    }

    /// Gives `member` the score `score`, whether it is new or not. To be saved.
    public void put(Bytes member, double score) {
        put(member, score, score(member));
    }

    /// The same, where it is known that `member` has the score `old`; null if it is not there.
    public void put(Bytes member, double score, @Nullable Double old) {
        if (old != null) {
            if (old == score) return;
            Bytes name = MemberRow.score(old, member);
            collection.delete(name);
            if (form == Form.SPREAD) counts.removed(name);
        } else {
            count++;
            spreadFor(member);
        }
        putRows(member, score);
        if (form == Form.SPREAD) counts.added(MemberRow.score(score, member));
    }

    /// Removes `member`, and tells whether it was there. To be saved.
    public boolean remove(Bytes member) {
        Double score = score(member);
        if (score == null) return false;
        Bytes name = MemberRow.score(score, member);
        members.delete(member);
        collection.delete(name);
        count--;
        if (form == Form.SPREAD) counts.removed(name);
        return true;
    }

    /// Writes what has changed but the members themselves.
    public void save() {
        collection.save(count, form.tail());
    }

    /// The members in `places`, least first or greatest first. To be closed.
    public Walk walk(KeyRange places, Order order) {
        return new Walk(collection.rows(places, order));
    }

    /// The places of all members.
    public static KeyRange all() {
        return MemberRow.ZSET_SCORE.range();
    }

    /// How many members stand before `place`.
    public long before(Bytes place) {
        if (form == Form.SPREAD) return counts.before(place);
        long before = 0;
        try (Collection.Rows rows =
                collection.rows(new KeyRange(all().start(), place), Order.ASCENDING)) {
            while (rows.next()) before++;
        }
        return before;
    }

    /// How many members stand in `places`.
    public long count(KeyRange places) {
        if (count == 0 || places.isEmpty()) return 0;
        long end = places.end() == null ? count : before(places.end());
        return Math.max(0, end - (places.start() == null ? 0 : before(places.start())));
    }

    /// How many members stand before `member`; null if it is not there.
    public @Nullable Long rank(Bytes member) {
        Double score = score(member);
        return score == null ? null : (Long) before(MemberRow.score(score, member));
    }

    /// The members in `places` but for the first `offset` of them, least first or greatest first.
    /// To be closed.
    public Walk walk(KeyRange places, Order order, long offset) {
        if (offset == 0 || places.isEmpty()) return walk(places, order);
        long before = places.start() == null ? 0 : before(places.start());
        long end = places.end() == null ? count : before(places.end());
        boolean isInside = 0 < offset && offset < end - before;
        long rank = order == Order.ASCENDING ? before + offset : end - 1 - offset;
        Bytes place = isInside ? placeAt(rank) : null;
        if (place == null) return walk(new KeyRange(all().start(), all().start()), order);
        return order == Order.ASCENDING
                ? walk(new KeyRange(place, places.end()), order)
                : walk(new KeyRange(places.start(), behind(place)), order);
    }

    /// The places from that of `score` on, or behind all members of it.
    public static Bytes place(double score, Side side) {
        return switch (side) {
            case BEFORE -> MemberRow.score(score, Bytes.EMPTY);
            case BEHIND -> MemberRow.scoreBehind(score);
        };
    }

    /// The place of `member` among those of `score`, or right behind it.
    public static Bytes place(double score, Bytes member, Side side) {
        Bytes name = MemberRow.score(score, member);
        return side == Side.BEFORE ? name : behind(name);
    }

    /// On which side of something a place is.
    public enum Side {
        BEFORE,
        BEHIND
    }

    private static Bytes behind(Bytes name) {
        byte[] longer = new byte[name.length() + 1];
        name.copyTo(longer, 0);
        return Bytes.wrap(longer);
    }

    private @Nullable Bytes placeAt(long rank) {
        if (count <= rank) return null;
        if (form == Form.SPREAD) return counts.at(rank);
        long left = rank;
        try (Collection.Rows rows = collection.rows(all(), Order.ASCENDING)) {
            while (rows.next()) if (left-- == 0) return rows.name();
        }
        return null;
    }

    private void fill(List<Scored> sorted) {
        int longest = 0;
        for (Scored each : sorted) longest = Math.max(longest, each.member().length());
        count = sorted.size();
        boolean isPacked = count <= Form.PACKED_COUNT_MAX && longest <= Form.PACKED_BYTES_MAX;
        form = isPacked ? Form.PACKED : Form.SPREAD;
        for (Scored each : sorted) putRows(each.member(), each.score());
        if (isPacked) return;
        RankCounts.Builder builder = counts.new Builder();
        for (Scored each : sorted) builder.add(MemberRow.score(each.score(), each.member()));
        builder.end();
    }

    private void spreadFor(Bytes newest) {
        boolean isPacked =
                count <= Form.PACKED_COUNT_MAX && newest.length() <= Form.PACKED_BYTES_MAX;
        if (form == Form.SPREAD || isPacked) return;
        form = Form.SPREAD;
        counts.countAll();
    }

    // What is packed knows one zero only.
    private void putRows(Bytes member, double given) {
        double score = form == Form.PACKED ? given + 0.0 : given;
        byte[] bytes = ByteBuffer.allocate(Double.BYTES).putDouble(score).array();
        members.put(member, Bytes.wrap(bytes));
        boolean isMinusZero = score == 0 && 1 / score < 0;
        collection.put(MemberRow.score(score, member), isMinusZero ? MINUS_ZERO : Bytes.EMPTY);
    }

    /// A walk over members in the order of their scores. Closing it ends the scan behind it.
    public static final class Walk implements AutoCloseable {
        private final Collection.Rows rows;

        private Walk(Collection.Rows rows) {
            this.rows = rows;
        }

        /// Moves to the next member, and tells whether there is one.
        public boolean next() {
            return rows.next();
        }

        /// The current member.
        public Bytes member() {
            return MemberRow.scoredIn(rows.name());
        }

        /// Its score.
        public double score() {
            return rows.value().isEmpty() ? MemberRow.scoreIn(rows.name()) : -0.0;
        }

        /// Both.
        public Scored scored() {
            return new Scored(member(), score());
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
