package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.MemberRow;
import dev.holdfast.redis.resp.RespError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The list at one key, as one run sees it: elements in rows, in the order of their positions.
///
/// ```
/// fields in the meta row: | head i64 | tail i64 | even u8 |
/// ```
///
/// Pushes put positions [#STEP] apart. As long as all are, the list is even, and the position of an
/// index is a matter of arithmetic. An insertion in the middle takes a position between two others,
/// and where there is none left, some neighbours move apart; from then on an index is counted from
/// the nearer end. Nothing ever moves all elements.
///
/// Invariants:
/// 1. There is a row at `head` and at `tail`, and none outside of them.
/// 2. An even list has a row at each [#STEP] from head to tail.
///
/// Not thread-safe. Whoever changes it calls [#save] before the run ends.
public final class RedisList {
    /// How far apart pushes put positions.
    static final long STEP = 1L << 16;

    private static final long ROOM_MIN = 16;
    private static final int NEIGHBOURS_MIN = 32;
    private static final long POSITION_MAX = Long.MAX_VALUE - 2 * STEP;
    private static final int FIELDS_BYTES = 2 * Long.BYTES + 1;
    private static final long DELETED_SINGLY_MAX = 128;

    private final Collection rows;
    private long count;
    private long head;
    private long tail;
    private boolean isEven = true;

    /// An element, and where it stands.
    record Element(long position, Bytes value) {}

    private RedisList(Keyspace keyspace, Bytes key) {
        this.rows = keyspace.collectionAt(key, KeyType.LIST);
        this.count = rows.count();
        if (rows.exists()) decode(rows.tail());
    }

    /// The list at `key`. An error if there is a value of another type.
    public static RedisList at(Keyspace keyspace, Bytes key) {
        return new RedisList(keyspace, key);
    }

    private void decode(Bytes fields) {
        if (fields.length() != FIELDS_BYTES || count < 1)
            throw new StorageException.CorruptData(
                    "list fields invalid. length=`" + fields.length() + "`", null);
        ByteBuffer in = fields.toBuffer();
        head = in.getLong();
        tail = in.getLong();
        isEven = in.get() != 0;
    }

    /// Has `key` hold `elements`, of which there is at least one, whatever is there now.
    public static void store(Keyspace keyspace, Bytes key, Stream<Bytes> elements) {
        keyspace.delete(key);
        RedisList list = at(keyspace, key);
        elements.forEach(element -> list.push(End.TAIL, element));
        list.save();
    }

    /// True if the key exists.
    boolean exists() {
        return 0 < count;
    }

    /// How many elements there are.
    public long count() {
        return count;
    }

    /// Writes the meta row; a list without elements ceases to exist.
    public void save() {
        ByteBuffer fields = ByteBuffer.allocate(FIELDS_BYTES);
        fields.putLong(head).putLong(tail).put((byte) (isEven ? 1 : 0));
        rows.save(count, Bytes.wrap(fields.array()));
    }

    /// Adds an element at `end`.
    public void push(End end, Bytes value) {
        if (count == 0) {
            head = 0;
            tail = 0;
            isEven = true;
        } else if (end == End.HEAD) head -= STEP;
        else tail += STEP;
        if (head < -POSITION_MAX || POSITION_MAX < tail)
            throw new RespError("ERR list was pushed to too often, no position left");
        rows.put(MemberRow.element(end == End.HEAD ? head : tail), value);
        count++;
    }

    /// Takes up to `most` elements from `end`, the outermost first.
    List<Bytes> pop(End end, long most) {
        if (most == 1 && isEven) return List.of(popOne(end));
        List<Bytes> popped = new ArrayList<>();
        long next = 0;
        try (Walk walk = walk(end)) {
            while (walk.next()) {
                next = walk.position();
                if (popped.size() == most) break;
                rows.hold(Reply.HELD_BYTES + walk.value().length());
                popped.add(walk.value());
                rows.delete(MemberRow.element(next));
            }
        }
        count -= popped.size();
        if (end == End.HEAD) head = next;
        else tail = next;
        return popped;
    }

    private Bytes popOne(End end) {
        long position = end == End.HEAD ? head : tail;
        Bytes value = get(end == End.HEAD ? 0 : count - 1).value;
        rows.delete(MemberRow.element(position));
        count--;
        if (end == End.HEAD) head += STEP;
        else tail -= STEP;
        return value;
    }

    /// Takes the element at one end to another end of the same list.
    Bytes rotate(End from, End to) {
        if (count == 1 || from == to) return get(from == End.HEAD ? 0 : count - 1).value;
        Bytes moved = pop(from, 1).getFirst();
        push(to, moved);
        return moved;
    }

    /// Removes all elements.
    void clear() {
        count = 0;
    }

    /// The element at `index`, which is inside the list.
    Element get(long index) {
        if (isEven) {
            long position = head + index * STEP;
            Bytes value = rows.get(MemberRow.element(position));
            if (value == null) throw missing(position);
            return new Element(position, value);
        }
        try (Walk walk = walkFrom(index)) {
            if (!walk.next()) throw missing(index);
            return walk.element();
        }
    }

    /// Replaces the element at `position`.
    void set(long position, Bytes value) {
        rows.put(MemberRow.element(position), value);
    }

    /// The elements of the indexes `[start, end)`, which lie inside, in order.
    List<Bytes> range(long start, long end) {
        List<Bytes> found = new ArrayList<>();
        boolean isNearTail = !isEven && count - end < start;
        if (isNearTail) {
            try (Walk walk = walk(End.TAIL)) {
                for (long index = count - 1; start <= index && walk.next(); index--)
                    if (index < end) found.add(walk.value());
            }
            Collections.reverse(found);
            return found;
        }
        try (Walk walk = walkFrom(start)) {
            for (long index = start; index < end && walk.next(); index++) found.add(walk.value());
        }
        return found;
    }

    /// Visits the elements of the indexes `[start, end)`, which lie inside, in order, as long as
    /// `visitor` takes more.
    void visit(long start, long end, Predicate<Bytes> visitor) {
        try (Walk walk = walkFrom(start)) {
            boolean takesMore = true;
            for (long index = start; takesMore && index < end && walk.next(); index++)
                takesMore = visitor.test(walk.value());
        }
    }

    /// Adds an element right before or behind the one at `pivot`: on its side towards `side`.
    void insert(long pivot, End side, Bytes value) {
        if (pivot == (side == End.HEAD ? head : tail)) {
            push(side, value);
            return;
        }
        long before = side == End.TAIL ? pivot : neighbour(pivot, Order.DESCENDING);
        long behind = side == End.HEAD ? pivot : neighbour(pivot, Order.ASCENDING);
        if (behind - before < 2) behind = moveApart(before);
        rows.put(MemberRow.element(before + (behind - before) / 2), value);
        isEven = false;
        count++;
    }

    /// Removes the elements at `positions`, which are in order, up or down, and at least one.
    void remove(List<Long> positions) {
        for (long position : positions) rows.delete(MemberRow.element(position));
        count -= positions.size();
        if (count == 0) return;
        long least = Math.min(positions.getFirst(), positions.getLast());
        long greatest = Math.max(positions.getFirst(), positions.getLast());
        if (least == head) head = neighbour(head, Order.ASCENDING);
        if (greatest == tail) tail = neighbour(tail, Order.DESCENDING);
        isEven &= (tail - head) / STEP + 1 == count;
    }

    /// Keeps the elements of the indexes `[start, end)` alone, which lie inside. Costs as much as
    /// what is kept, or what goes, whichever is less.
    void trim(long start, long end) {
        long kept = end - start;
        long gone = count - kept;
        if (gone <= Math.max(kept, DELETED_SINGLY_MAX)) {
            if (0 < count - end) pop(End.TAIL, count - end);
            if (0 < start) pop(End.HEAD, start);
            return;
        }
        List<Bytes> values = range(start, end);
        rows.clear();
        count = 0;
        for (Bytes value : values) push(End.TAIL, value);
    }

    /// A walk over all elements, from `end` inwards. To be closed.
    public Walk walk(End end) {
        return new Walk(head, tail, end.inwards());
    }

    // In ascending order, the element at `index` next.
    private Walk walkFrom(long index) {
        if (isEven) return new Walk(head + index * STEP, tail, Order.ASCENDING);
        if (count - index < index) {
            try (Walk walk = walk(End.TAIL)) {
                for (long at = count - 1; walk.next(); at--)
                    if (at == index) return new Walk(walk.position(), tail, Order.ASCENDING);
            }
            throw missing(index);
        }
        Walk walk = walk(End.HEAD);
        for (long at = 0; at < index; at++) walk.next();
        return walk;
    }

    private long neighbour(long position, Order order) {
        boolean isUpwards = order == Order.ASCENDING;
        long from = isUpwards ? position + 1 : head;
        long to = isUpwards ? tail : position - 1;
        try (Walk walk = new Walk(from, to, order)) {
            if (!walk.next()) throw missing(position);
            return walk.position();
        }
    }

    // Spreads the elements behind `before` so that there is room in front of them; returns where
    // the first one stands then. Takes in ever more of them until they have room enough together,
    // so that dense places are thinned out over a stretch that is as long as they are dense.
    private long moveApart(long before) {
        List<Element> moving = new ArrayList<>();
        long room = 0;
        try (Walk walk = new Walk(before + 1, tail, Order.ASCENDING)) {
            int wanted = NEIGHBOURS_MIN;
            while (room < ROOM_MIN && walk.next()) {
                moving.add(walk.element());
                if (moving.size() < wanted) continue;
                room = (walk.position() - before) / (moving.size() + 1);
                wanted *= 2;
            }
        }
        boolean isToTheEnd = moving.getLast().position == tail;
        if (isToTheEnd) room = STEP;
        for (Element element : moving) rows.delete(MemberRow.element(element.position));
        long position = before + room;
        for (Element element : moving) {
            position += room;
            rows.put(MemberRow.element(position), element.value);
        }
        if (isToTheEnd) tail = position;
        return before + 2 * room;
    }

    private StorageException missing(long place) {
        return new StorageException.CorruptData(
                "list element missing. place=`" + place + "`, count=`" + count + "`", null);
    }

    /// A walk over elements. Closing it ends the scan behind it.
    public final class Walk implements AutoCloseable {
        private final Collection.Rows found;

        private Walk(long first, long last, Order order) {
            KeyRange names = KeyRange.of(MemberRow.element(first), MemberRow.element(last + 1));
            found = rows.rows(names, order);
        }

        /// Moves to the next element, and tells whether there is one.
        public boolean next() {
            return 0 < count && found.next();
        }

        /// Where the current element stands.
        long position() {
            return MemberRow.positionIn(found.name());
        }

        /// The current element.
        public Bytes value() {
            return found.value();
        }

        /// The current element with its place.
        Element element() {
            return new Element(position(), value());
        }

        @Override
        public void close() {
            found.close();
        }
    }

    /// The index in a list of `count` elements that `index` means, which counts from the end if it
    /// is negative; maybe outside.
    static long inside(long index, long count) {
        return index < 0 ? index + count : index;
    }

    /// The element at the client's `index`; null if there is none.
    @Nullable Element find(long index) {
        long place = inside(index, count);
        return place < 0 || count <= place ? null : get(place);
    }
}
