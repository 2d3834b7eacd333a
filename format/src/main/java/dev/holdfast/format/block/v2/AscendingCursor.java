package dev.holdfast.format.block.v2;

import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.wire.FormatException;
import java.util.Arrays;

/// Walks a block upwards. The key is rebuilt in one buffer; the value is a slice of the block.
final class AscendingCursor implements RowCursor {
    private final BlockV2 block;
    private final byte[] array;
    private final RowView row;
    private byte[] key = new byte[BlockV2.KEY_BUFFER_BYTES];
    private int keyLength;
    private int next;
    private boolean isAhead; // the row at hand was found by seek, and next() is to give it

    AscendingCursor(BlockV2 block) {
        this.block = block;
        array = block.array();
        row = new RowView(array, block.rowsEnd());
        next = block.restart(0);
    }

    @Override
    public boolean next() {
        if (isAhead) {
            isAhead = false;
            return true;
        }
        return advance();
    }

    @Override
    public void seek(byte[] target, int offset, int length) {
        int restart = Math.max(0, block.lastRestartBelow(target, offset, length));
        next = block.restart(restart);
        keyLength = 0;
        isAhead = false;
        while (!isAhead && advance())
            isAhead =
                    0 <= Arrays.compareUnsigned(key, 0, keyLength, target, offset, offset + length);
    }

    private boolean advance() {
        if (next == block.rowsEnd()) return false;
        next = row.parse(next, keyLength);
        keyLength = row.shared + row.unshared;
        FormatException.require(next <= block.rowsEnd(), "row exceeds its block. end", next);
        if (key.length < keyLength) key = BlockV2.grown(key, keyLength);
        System.arraycopy(array, row.suffixOffset, key, row.shared, row.unshared);
        return true;
    }

    @Override
    public byte[] keyArray() {
        return key;
    }

    @Override
    public int keyOffset() {
        return 0;
    }

    @Override
    public int keyLength() {
        return keyLength;
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
