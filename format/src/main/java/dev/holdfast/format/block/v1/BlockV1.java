package dev.holdfast.format.block.v1;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;

/// A block of version 1: rows whose keys share a prefix with the block's first key, and the offset
/// of each.
///
/// ```
/// row* | row offset: u16 * | row count: u16
/// ```
public final class BlockV1 implements Block {
    private final byte[] array;
    private final int start;
    private final int rowsEnd;
    private final int rowCount;

    private BlockV1(Bytes bytes, int rowCount) {
        array = bytes.array();
        start = bytes.offset();
        this.rowCount = rowCount;
        rowsEnd = start + bytes.length() - Short.BYTES * (1 + rowCount);
    }

    /// Reads the frame of a block: its offsets, which ascend from 0. Rows are read by cursors.
    public static BlockV1 decode(Bytes bytes) {
        int length = bytes.length();
        FormatException.require(Short.BYTES <= length, "block truncated. length", length);
        int count = BigEndian.u16(bytes.array(), bytes.offset() + length - Short.BYTES);
        FormatException.require(
                1 <= count && Short.BYTES * (1 + count) < length, "block row count", count);
        var block = new BlockV1(bytes, count);
        int previous = -1;
        for (int i = 0; i < count; i++) {
            int at = block.row(i);
            FormatException.require(
                    previous < at && at < block.rowsEnd && (0 < i || at == block.start),
                    "block row offset",
                    at - block.start);
            previous = at;
        }
        return block;
    }

    @Override
    public RowCursor cursor(Direction direction) {
        return new BlockV1Cursor(this, direction);
    }

    @Override
    public void verify() {
        // Each row must end where the next begins; the cursor sees to that.
        RowCursor rows = cursor(Direction.ASCENDING);
        int count = 0;
        while (rows.next()) count++;
        FormatException.require(count == rowCount, "block row count", count);
    }

    @Override
    public int sizeBytes() {
        return rowsEnd - start + Short.BYTES * (1 + rowCount);
    }

    byte[] array() {
        return array;
    }

    int rowCount() {
        return rowCount;
    }

    /// Where in [#array] the row `index` begins.
    int row(int index) {
        return start + BigEndian.u16(array, rowsEnd + Short.BYTES * index);
    }

    /// Where in [#array] the row `index` ends.
    int rowEnd(int index) {
        return index + 1 < rowCount ? row(index + 1) : rowsEnd;
    }
}
