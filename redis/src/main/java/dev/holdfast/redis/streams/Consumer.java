package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import java.nio.ByteBuffer;

/// One of those who read as a group.
///
/// ```
/// value of its row: | seen at i64 | pending u64 |
/// ```
///
/// @param seenMillis when it asked for something last
/// @param pending how many entries it has not said to be done with
record Consumer(Bytes name, long seenMillis, long pending) {
    Bytes encode() {
        ByteBuffer out = ByteBuffer.allocate(2 * Long.BYTES);
        return Bytes.wrap(out.putLong(seenMillis).putLong(pending).array());
    }

    static Consumer decode(Bytes name, Bytes value) {
        ByteBuffer in = value.toBuffer();
        return new Consumer(name, in.getLong(), in.getLong());
    }

    Consumer seenAt(long nowMillis) {
        return new Consumer(name, nowMillis, pending);
    }

    Consumer pendingBy(long difference) {
        return new Consumer(name, seenMillis, pending + difference);
    }
}
