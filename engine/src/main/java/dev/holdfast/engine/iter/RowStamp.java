package dev.holdfast.engine.iter;

import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;

/// When and by which commit a pair came to be, and when it goes. Filled in place. Not thread-safe.
public final class RowStamp {
    /// Stands for a time that there is not.
    public static final long NONE = Long.MIN_VALUE;

    private long seq;
    private long createdAtMillis = NONE;
    private long expireAtMillis = NONE;

    /// Takes those of the row that `row` stands on.
    public void take(RowCursor row) {
        int flags = row.flags();
        seq = row.seq();
        createdAtMillis = (flags & RowFlags.HAS_CREATION) != 0 ? row.createdAtMillis() : NONE;
        expireAtMillis = (flags & RowFlags.HAS_EXPIRY) != 0 ? row.expireAtMillis() : NONE;
    }

    /// Takes what `other` has.
    public void take(RowStamp other) {
        seq = other.seq;
        createdAtMillis = other.createdAtMillis;
        expireAtMillis = other.expireAtMillis;
    }

    /// What `row` stands on is a part of the pair too: the newest part says when it came to be, the
    /// first that goes says when it changes.
    public void add(RowCursor row) {
        int flags = row.flags();
        addPart(
                row.seq(),
                (flags & RowFlags.HAS_CREATION) != 0 ? row.createdAtMillis() : NONE,
                (flags & RowFlags.HAS_EXPIRY) != 0 ? row.expireAtMillis() : NONE);
    }

    /// The same of a part of which this is known.
    public void addPart(long partSeq, long partCreated, long partExpires) {
        if (seq < partSeq) {
            seq = partSeq;
            createdAtMillis = partCreated;
        }
        if (partExpires == NONE) return;
        boolean isFirst = expireAtMillis == NONE || partExpires < expireAtMillis;
        if (isFirst) expireAtMillis = partExpires;
    }

    /// Nothing yet.
    public void clear() {
        seq = 0;
        createdAtMillis = NONE;
        expireAtMillis = NONE;
    }

    /// The commit of the newest part.
    public long seq() {
        return seq;
    }

    /// When that was, or [#NONE].
    public long createdAtMillis() {
        return createdAtMillis;
    }

    /// When the first part goes, or [#NONE].
    public long expireAtMillis() {
        return expireAtMillis;
    }
}
