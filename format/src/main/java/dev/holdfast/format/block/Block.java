package dev.holdfast.format.block;

import dev.holdfast.format.row.Direction;
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

    /// How many bytes of memory the block's rows take.
    int sizeBytes();
}
