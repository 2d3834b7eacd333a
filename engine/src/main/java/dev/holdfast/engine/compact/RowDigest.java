package dev.holdfast.engine.compact;

import dev.holdfast.engine.view.KeyHash;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;

/// A checksum of rows in order, to compare what was meant to be written with what is there. Not
/// thread-safe, never stored.
final class RowDigest {
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private long state = PRIME;
    private long rows;

    /// Adds the row at which the cursor stands.
    void add(RowCursor row) {
        int flags = row.flags();
        mix(KeyHash.of(row.keyArray(), row.keyOffset(), row.keyLength()));
        mix(KeyHash.of(row.valueArray(), row.valueOffset(), row.valueLength()));
        mix(row.seq());
        mix(flags);
        mix((flags & RowFlags.HAS_EXPIRY) != 0 ? row.expireAtMillis() : 0);
        mix((flags & RowFlags.HAS_CREATION) != 0 ? row.createdAtMillis() : 0);
        rows++;
    }

    private void mix(long value) {
        long mixed = (state ^ value) * PRIME;
        state = mixed ^ mixed >>> 29;
    }

    /// The checksum so far.
    long value() {
        return state;
    }

    /// How many rows were added.
    long rows() {
        return rows;
    }
}
