package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Reads.Row;
import dev.holdfast.engine.iter.RowStamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a reader is told of a pair.
final class Pairs {
    private Pairs() {}

    static Row row(Bytes key, Bytes value, RowStamp stamp) {
        return new Row(
                key,
                value,
                stamp.seq(),
                instant(stamp.createdAtMillis()),
                instant(stamp.expireAtMillis()));
    }

    private static @Nullable Instant instant(long millis) {
        return millis == RowStamp.NONE ? null : Instant.ofEpochMilli(millis);
    }
}
