package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbException.Damaged;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Reads a stream: its entries in listpacks, its figures, and its consumer groups.
///
/// ```
/// listpacks: count, then (first id | listpack) each
/// entries | last id | first id*, greatest deleted id*, entries added* |
/// groups: count, then (name | last delivered id | entries read* | pending: count, then
///         (id | delivered at | deliveries) each | consumers: count, then (name | seen at |
///         active at** | pending: count, then ids) each) each
/// * from the second form on, ** from the third
/// ```
final class StreamReader {
    private static final int FLAG_DELETED = 1;
    private static final int FLAG_SAME_FIELDS = 2;

    private final RdbInput in;
    private final RdbType type;
    private final Consumer<RdbPart> visitor;
    private long entries;

    StreamReader(RdbInput in, RdbType type, Consumer<RdbPart> visitor) {
        this.in = in;
        this.type = type;
        this.visitor = visitor;
    }

    void read() {
        long listpacks = in.count();
        for (long i = 0; i < listpacks; i++) listpack();
        state();
        long groups = in.count();
        for (long i = 0; i < groups; i++) group();
    }

    private void state() {
        long at = in.offset();
        if (in.length() != entries) throw new Damaged("stream of another length", at);
        StreamPoint last = point();
        var deleted = new StreamPoint(0, 0);
        long added = entries;
        if (type != RdbType.STREAM_LISTPACKS) {
            point();
            deleted = point();
            added = in.length();
        }
        visitor.accept(new RdbPart.StreamState(last, deleted, added));
    }

    private void listpack() {
        long at = in.offset();
        Bytes key = in.string();
        if (key.length() != StreamPoint.BYTES) throw new Damaged("stream id invalid", at);
        ByteBuffer id = key.toBuffer();
        var first = new StreamPoint(id.getLong(), id.getLong());
        long stringAt = in.offset();
        var packed = new PackedBytes(in.string(), stringAt);
        var listpack = new Listpack(packed);
        long count = listpack.number();
        long deleted = listpack.number();
        List<Bytes> names = taken(listpack, listpack.number(), packed);
        if (listpack.number() != 0) throw packed.damaged("stream block without its end mark");
        long left = count + deleted;
        if (count < 0 || deleted < 0 || left < 0) throw packed.damaged("stream count invalid");
        for (; 0 < left; left--) entry(listpack, packed, first, names);
        if (listpack.next() != null) throw packed.damaged("stream block goes on behind its end");
    }

    private void entry(
            Listpack listpack, PackedBytes packed, StreamPoint first, List<Bytes> names) {
        long flags = listpack.number();
        long millis = first.millis() + listpack.number();
        long sequence = first.sequence() + listpack.number();
        List<Bytes> fields = new ArrayList<>();
        long parts = 3;
        if ((flags & FLAG_SAME_FIELDS) != 0) {
            for (Bytes name : names) {
                fields.add(name);
                fields.add(listpack.required());
            }
            parts += names.size();
        } else {
            long pairs = listpack.number();
            if (pairs < 0 || packed.length() < pairs)
                throw packed.damaged("stream entry of another length");
            fields.addAll(taken(listpack, 2 * pairs, packed));
            parts += 1 + 2 * pairs;
        }
        if (listpack.number() != parts) throw packed.damaged("stream entry of another length");
        if ((flags & FLAG_DELETED) != 0) return;
        entries++;
        visitor.accept(new RdbPart.Entry(new StreamPoint(millis, sequence), fields));
    }

    private static List<Bytes> taken(Listpack listpack, long count, PackedBytes packed) {
        if (count < 0 || packed.length() < count) throw packed.damaged("stream count invalid");
        List<Bytes> taken = new ArrayList<>();
        for (long i = 0; i < count; i++) taken.add(listpack.required());
        return taken;
    }

    private void group() {
        Bytes name = in.string();
        StreamPoint delivered = point();
        Long read = type == RdbType.STREAM_LISTPACKS ? null : (Long) in.length();
        visitor.accept(new RdbPart.Group(name, delivered, read));
        long pending = in.count();
        for (long i = 0; i < pending; i++) {
            StreamPoint id = rawPoint();
            visitor.accept(new RdbPart.Pending(name, id, in.le64(), in.length()));
        }
        long at = in.offset();
        long consumers = in.count();
        long owned = 0;
        for (long i = 0; i < consumers; i++) owned += consumer(name);
        if (owned != pending) throw new Damaged("pending entries without a consumer", at);
    }

    private long consumer(Bytes group) {
        Bytes name = in.string();
        long seenMillis = in.le64();
        if (type == RdbType.STREAM_LISTPACKS_3) in.le64();
        visitor.accept(new RdbPart.Consumer(group, name, seenMillis));
        long owned = in.count();
        for (long i = 0; i < owned; i++) visitor.accept(new RdbPart.Owned(group, name, rawPoint()));
        return owned;
    }

    private StreamPoint point() {
        return new StreamPoint(in.length(), in.length());
    }

    private StreamPoint rawPoint() {
        return new StreamPoint(in.be64(), in.be64());
    }
}
