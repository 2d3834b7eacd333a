package dev.holdfast.format.block.v2;

import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.wire.FormatException;
import java.util.Arrays;

/// Walks a block downwards: the rows of one restart are read upwards once, their keys kept side by
/// side, and then shown from last to first.
final class DescendingCursor implements RowCursor {
    // Far above the interval that is written; it bounds the keys that lie side by side.
    private static final int ROWS_MAX = 256;

    private final BlockV2 block;
    private final byte[] array;
    private final RowView row;

    private int restart; // the restart whose rows are at hand
    private int index; // of the row at hand among them
    private byte[] keys = new byte[BlockV2.KEY_BUFFER_BYTES * BlockV2.RESTART_INTERVAL];
    private int[] keyEnds = new int[BlockV2.RESTART_INTERVAL];
    private int[] rowStarts = new int[BlockV2.RESTART_INTERVAL];
    private int keyOffset;

    DescendingCursor(BlockV2 block) {
        this.block = block;
        array = block.array();
        row = new RowView(array, block.rowsEnd());
        restart = block.restartCount();
    }

    @Override
    public boolean next() {
        if (index == 0) {
            if (restart == 0) return false;
            index = load(--restart);
        }
        show(--index);
        return true;
    }

    @Override
    public void seek(byte[] target, int offset, int length) {
        restart = block.lastRestartUpTo(target, offset, length);
        index = 0;
        if (restart < 0) {
            restart = 0;
            return;
        }
        int rows = load(restart);
        while (index < rows && !isBeyond(index, target, offset, length)) index++;
    }

    private boolean isBeyond(int candidate, byte[] target, int offset, int length) {
        int start = candidate == 0 ? 0 : keyEnds[candidate - 1];
        return 0
                < Arrays.compareUnsigned(
                        keys, start, keyEnds[candidate], target, offset, offset + length);
    }

    // Reads the rows of one restart and returns how many they are.
    private int load(int from) {
        int at = block.restart(from);
        int end = block.restartEnd(from);
        int count = 0;
        int previousStart = 0;
        int previousEnd = 0;
        while (at < end) {
            if (count == rowStarts.length) growRows();
            rowStarts[count] = at;
            at = row.parse(at, previousEnd - previousStart);
            int keyEnd = previousEnd + row.shared + row.unshared;
            growKeys(keyEnd);
            System.arraycopy(keys, previousStart, keys, previousEnd, row.shared);
            System.arraycopy(array, row.suffixOffset, keys, previousEnd + row.shared, row.unshared);
            previousStart = previousEnd;
            previousEnd = keyEnd;
            keyEnds[count++] = keyEnd;
        }
        FormatException.require(at == end, "row crosses a restart");
        return count;
    }

    private void show(int shown) {
        keyOffset = shown == 0 ? 0 : keyEnds[shown - 1];
        row.parse(rowStarts[shown], keyEnds[shown] - keyOffset);
    }

    private void growRows() {
        FormatException.require(rowStarts.length < ROWS_MAX, "restart has too many rows", ROWS_MAX);
        rowStarts = Arrays.copyOf(rowStarts, 2 * rowStarts.length);
        keyEnds = Arrays.copyOf(keyEnds, 2 * keyEnds.length);
    }

    private void growKeys(int length) {
        if (keys.length < length) keys = Arrays.copyOf(keys, Math.max(length, 2 * keys.length));
    }

    @Override
    public byte[] keyArray() {
        return keys;
    }

    @Override
    public int keyOffset() {
        return keyOffset;
    }

    @Override
    public int keyLength() {
        return row.shared + row.unshared;
    }

    @Override
    public byte[] valueArray() {
        return array;
    }

    @Override
    public int valueOffset() {
        return row.valueOffset;
    }

    @Override
    public int valueLength() {
        return row.valueLength;
    }

    @Override
    public long seq() {
        return row.seq;
    }

    @Override
    public int flags() {
        return row.flags;
    }

    @Override
    public long expireAtMillis() {
        return row.expireAtMillis;
    }

    @Override
    public long createdAtMillis() {
        return row.createdAtMillis;
    }

    @Override
    public void close() {}
}
