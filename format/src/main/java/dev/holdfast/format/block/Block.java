package dev.holdfast.format.block;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;

/// Verified, uncompressed rows that lie together in a table. Immutable, so threads may share it.
///
/// Rows are checked as they are walked over: a cursor throws
/// [dev.holdfast.format.wire.FormatException] where they are malformed.
public interface Block {
    /// A new cursor over all rows. [RowCursor#seek] needs rows in key order.
    RowCursor cursor(Direction direction);

    /// Walks over all rows once, and checks that the frame says of them what is true. Cursors check
    /// only what they need to stay inside.
    void verify();

    /// Fills `found` with the newest row of `key` whose sequence number is at most `seqMax`, and
    /// tells whether there is one. Needs rows in key order.
    default boolean find(Bytes key, long seqMax, FoundRow found) {
        try (RowCursor rows = cursor(Direction.ASCENDING)) {
            rows.seek(key.array(), key.offset(), key.length());
            while (rows.next()) {
                var at = Bytes.wrap(rows.keyArray(), rows.keyOffset(), rows.keyLength());
                if (!at.equals(key)) return false;
                if (seqMax < rows.seq()) continue;
                found.set(rows);
                return true;
            }
            return false;
        }
    }

    /// How many bytes of memory the block's rows take.
    int sizeBytes();
}
