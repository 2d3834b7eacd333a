package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.MemberRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The fields or members of one collection, which stand in the order of their hashes. The hash is
/// the same for all collections, so that two of them can be walked side by side.
public final class HashedMembers {
    // From a random place so many are read, of which one is drawn: evens out the gaps between
    // hashes.
    private static final int DRAWN_FROM = 32;
    private static final int EVEN_COUNT_MAX = 128;
    private static final int MEMBER_BYTES = 128; // beside name and value
    private static final long SCANNED_BYTES_MAX = 8 << 20;

    private final Collection collection;
    private final MemberRow kind;

    HashedMembers(Collection collection, MemberRow kind) {
        this.collection = collection;
        this.kind = kind;
    }

    /// The value of `name`; null if it is not there.
    public @Nullable Bytes get(Bytes name) {
        return collection.get(rowOf(name));
    }

    /// True if `name` is there.
    public boolean contains(Bytes name) {
        return get(name) != null;
    }

    void put(Bytes name, Bytes value) {
        collection.put(rowOf(name), value);
    }

    /// Sets the value of `name`, and tells whether it is new.
    boolean putIsNew(Bytes name, Bytes value) {
        return collection.putIsNew(rowOf(name), value);
    }

    void delete(Bytes name) {
        collection.delete(rowOf(name));
    }

    /// All of them in the order of their hashes, as they stand at this call. To be closed.
    public Walk walk() {
        return walk(kind.range());
    }

    /// Visits all of them in the order of their hashes, as long as `visitor` takes more.
    public void visit(Predicate<Member> visitor) {
        try (Walk walk = walk()) {
            boolean takesMore = true;
            while (takesMore && walk.next()) takesMore = visitor.test(walk.member());
        }
    }

    /// Visits members from `cursor` on, until `count` or some megabytes were visited and the next
    /// one has another hash, and returns the cursor to go on with: 0 at the end.
    public long scan(long cursor, long count, Consumer<Member> visitor) {
        if (cursor < 0 || 0xffff_ffffL < cursor) return 0;
        long visited = 0;
        long bytes = 0;
        int last = 0;
        try (Walk walk = walk(kind.from((int) cursor))) {
            while (walk.next()) {
                boolean isEnough = count <= visited || SCANNED_BYTES_MAX <= bytes;
                if (isEnough && walk.hash() != last) return Integer.toUnsignedLong(walk.hash());
                last = walk.hash();
                visited++;
                Member member = walk.member();
                bytes += MEMBER_BYTES + member.name().length() + member.value().length();
                visitor.accept(member);
            }
        }
        return 0;
    }

    /// One drawn at random of all, which are `total` and at least one.
    public Member draw(long total) {
        if (total <= EVEN_COUNT_MAX) return at((int) Math.floorMod(collection.random(), total));
        List<Member> near = new ArrayList<>();
        try (Walk walk = walk(kind.from((int) collection.random()))) {
            while (near.size() < DRAWN_FROM && walk.next()) near.add(walk.member());
        }
        if (near.size() < DRAWN_FROM) {
            try (Walk walk = walk()) {
                while (near.size() < DRAWN_FROM && walk.next()) near.add(walk.member());
            }
        }
        return near.get((int) Math.floorMod(collection.random(), (long) near.size()));
    }

    /// `count` different ones drawn at random of all, which are `total`; all if they are not more.
    public List<Member> drawDistinct(long count, long total) {
        if (total <= count) return all();
        if (total <= EVEN_COUNT_MAX || total / 3 <= count) return sample(count, total);
        Map<Bytes, Member> drawn = new LinkedHashMap<>();
        while (drawn.size() < count) {
            Member member = draw(total);
            drawn.putIfAbsent(member.name(), member);
        }
        return List.copyOf(drawn.values());
    }

    private List<Member> all() {
        List<Member> all = new ArrayList<>();
        try (Walk walk = walk()) {
            while (walk.next()) all.add(held(walk.member()));
        }
        return all;
    }

    // Each is taken with the chance that what is still needed has of what still comes.
    private List<Member> sample(long count, long total) {
        List<Member> sample = new ArrayList<>();
        long left = total;
        try (Walk walk = walk()) {
            while (sample.size() < count && walk.next()) {
                long needed = count - sample.size();
                if (Math.floorMod(collection.random(), left) < needed)
                    sample.add(held(walk.member()));
                left = Math.max(1, left - 1);
            }
        }
        return sample;
    }

    /// A member of which a run keeps hold. An error if that is too much.
    public Member held(Member member) {
        collection.hold(MEMBER_BYTES + (long) member.name().length() + member.value().length());
        return member;
    }

    private Member at(int index) {
        try (Walk walk = walk()) {
            for (int i = 0; walk.next(); i++) if (i == index) return walk.member();
        }
        throw new AssertionError("fewer members than counted. index=`" + index + "`");
    }

    private Walk walk(KeyRange range) {
        return new Walk(collection.rows(range, Order.ASCENDING));
    }

    private Bytes rowOf(Bytes name) {
        return kind.hashed(collection.hash(name), name);
    }

    /// A walk over members in the order of their hashes. Closing it ends the scan behind it.
    public final class Walk implements AutoCloseable {
        private final Collection.Rows rows;

        private Walk(Collection.Rows rows) {
            this.rows = rows;
        }

        /// Moves to the next member, and tells whether there is one.
        public boolean next() {
            return rows.next();
        }

        /// The name of the current one.
        public Bytes name() {
            return MemberRow.memberIn(rows.name());
        }

        /// The value of the current one.
        public Bytes value() {
            return rows.value();
        }

        /// The current one.
        public Member member() {
            return new Member(name(), value());
        }

        /// The hash of the current one.
        public int hash() {
            return MemberRow.hashIn(rows.name());
        }

        /// Moves so that [#next] gives `name`, or the first one behind it.
        public void seek(Bytes name) {
            rows.seek(rowOf(name));
        }

        /// Where the current one stands among all: comparable with those of other collections.
        public Bytes place() {
            Bytes name = rows.name();
            return name.slice(1, name.length());
        }

        /// Moves so that [#next] gives the one at `place` of any collection, or the first behind
        /// it.
        public void seekPlace(Bytes place) {
            rows.seek(kind.hashed(place.toBuffer().getInt(0), place.slice(4, place.length())));
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
