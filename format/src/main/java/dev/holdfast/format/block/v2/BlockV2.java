package dev.holdfast.format.block.v2;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowLimits;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;
import java.util.Arrays;

/// A block of version 2: rows whose keys share a prefix with the row before, and restarts where
/// they do not.
///
/// ```
/// row* | restart offset: u16 * | restart count: u16
/// ```
public final class BlockV2 implements Block {
    /// A restart stands before every so many rows.
    public static final int RESTART_INTERVAL = 16;

    static final int KEY_BUFFER_BYTES = 64;

    private final byte[] array;
    private final int start;
    private final int rowsEnd;
    private final int restartCount;

    private BlockV2(Bytes bytes, int restartCount) {
        array = bytes.array();
        start = bytes.offset();
        this.restartCount = restartCount;
        rowsEnd = start + bytes.length() - Short.BYTES * (1 + restartCount);
    }

    /// Reads the frame of a block: its restarts, which ascend from 0. Rows are read by cursors.
    public static BlockV2 decode(Bytes bytes) {
        int length = bytes.length();
        FormatException.require(Short.BYTES <= length, "block truncated. length", length);
        int count = BigEndian.u16(bytes.array(), bytes.offset() + length - Short.BYTES);
        FormatException.require(
                1 <= count && Short.BYTES * (1 + count) < length, "block restart count", count);
        var block = new BlockV2(bytes, count);
        int previous = -1;
        for (int i = 0; i < count; i++) {
            int at = block.restart(i);
            FormatException.require(
                    previous < at && at < block.rowsEnd && (0 < i || at == block.start),
                    "block restart offset",
                    at - block.start);
            previous = at;
        }
        return block;
    }

    @Override
    public RowCursor cursor(Direction direction) {
        return switch (direction) {
            case ASCENDING -> new AscendingCursor(this);
            case DESCENDING -> new DescendingCursor(this);
        };
    }

    @Override
    public void verify() {
        var row = new RowView(array, rowsEnd);
        int keyLength = 0;
        int rows = 0;
        for (int at = start; at < rowsEnd; rows++) {
            boolean isRestart = rows % RESTART_INTERVAL == 0;
            if (isRestart) {
                int restart = rows / RESTART_INTERVAL;
                FormatException.require(
                        restart < restartCount && restart(restart) == at,
                        "block restart is missing. row",
                        rows);
            }
            at = row.parse(at, isRestart ? 0 : keyLength);
            keyLength = row.shared + row.unshared;
        }
        FormatException.require(
                (rows + RESTART_INTERVAL - 1) / RESTART_INTERVAL == restartCount,
                "block has restarts left over. rows",
                rows);
    }

    @Override
    public boolean find(Bytes key, long seqMax, FoundRow found) {
        return PointSearch.find(this, key, seqMax, found);
    }

    @Override
    public int sizeBytes() {
        return rowsEnd - start + Short.BYTES * (1 + restartCount);
    }

    byte[] array() {
        return array;
    }

    int rowsEnd() {
        return rowsEnd;
    }

    int restartCount() {
        return restartCount;
    }

    /// Where in [#array] the rows of restart `index` begin.
    int restart(int index) {
        return start + BigEndian.u16(array, rowsEnd + Short.BYTES * index);
    }

    /// Where in [#array] the rows of restart `index` end.
    int restartEnd(int index) {
        return index + 1 < restartCount ? restart(index + 1) : rowsEnd;
    }

    /// The last restart whose key is less than `key`, or -1.
    int lastRestartBelow(byte[] key, int offset, int length) {
        return lastRestartWhere(key, offset, length, -1);
    }

    /// The last restart whose key is at most `key`, or -1.
    int lastRestartUpTo(byte[] key, int offset, int length) {
        return lastRestartWhere(key, offset, length, 0);
    }

    private int lastRestartWhere(byte[] key, int offset, int length, int comparisonMax) {
        var row = new RowView(array, rowsEnd);
        int low = 0;
        int high = restartCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            row.parse(restart(middle), 0);
            int from = row.suffixOffset;
            int comparison =
                    Arrays.compareUnsigned(
                            array, from, from + row.unshared, key, offset, offset + length);
            if (Integer.signum(comparison) <= comparisonMax) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    /// A buffer for keys that holds at least `length` bytes and what `buffer` holds.
    static byte[] grown(byte[] buffer, int length) {
        if (length <= buffer.length) return buffer;
        int size = Math.max(length, Math.min(2 * buffer.length, RowLimits.KEY_BYTES_MAX));
        return Arrays.copyOf(buffer, size);
    }
}
