package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import java.nio.ByteBuffer;

/// An entry that was delivered to a consumer, who has not said yet that it is done.
///
/// ```
/// value of its row: | delivered at i64 | deliveries u64 | consumer |
/// ```
record Pending(StreamId id, Bytes consumer, long deliveredMillis, long deliveries) {
    Bytes encode() {
        ByteBuffer out = ByteBuffer.allocate(2 * Long.BYTES + consumer.length());
        out.putLong(deliveredMillis).putLong(deliveries);
        consumer.copyTo(out.array(), out.position());
        return Bytes.wrap(out.array());
    }

    static Pending decode(StreamId id, Bytes value) {
        ByteBuffer in = value.toBuffer();
        Bytes consumer = value.slice(2 * Long.BYTES, value.length());
        return new Pending(id, consumer, in.getLong(), in.getLong());
    }

    Pending ownedBy(Bytes other) {
        return new Pending(id, other, deliveredMillis, deliveries);
    }

    Pending deliveredAgain(long nowMillis) {
        return new Pending(id, consumer, nowMillis, deliveries + 1);
    }

    long idleMillis(long nowMillis) {
        return Math.max(0, nowMillis - deliveredMillis);
    }
}
