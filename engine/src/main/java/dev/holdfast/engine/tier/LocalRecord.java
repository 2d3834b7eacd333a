package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.format.local.RecordHead;

/// One commit of the local log.
///
/// @param rows of its batch, as they are encoded
public record LocalRecord(long seq, long createdAtMillis, Bytes rows) {
    /// Stands before the first of its rows.
    public BatchCursor cursor() {
        return BatchCursor.over(rows);
    }

    /// How many bytes it takes in a segment.
    long bytes() {
        return RecordHead.spaceFor(rows.length());
    }
}
