package dev.holdfast.format.block.v2;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Varint;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.row.RowLimits;
import dev.holdfast.format.wire.BigEndian;
import java.util.Arrays;

/// Builds one block after the other in one buffer. Not thread-safe.
///
/// A row is copied once, from its cursor into the buffer. The last key added outlives [#reset], so
/// that the next block's first key can be compared with it.
public final class BlockEncoder {
    private static final int TIMES = RowFlags.HAS_EXPIRY | RowFlags.HAS_CREATION;
    // Beyond this much the buffer of an oversized row is given back.
    private static final int KEPT_BYTES_MAX = 1 << 20;

    private final int sizeMax;
    private byte[] buffer;
    private int used;
    private int rows;
    private int[] restarts = new int[64];
    private int restartCount;
    private byte[] lastKey = new byte[BlockV2.KEY_BUFFER_BYTES];
    private int lastKeyLength;

    /// Blocks of at most `sizeMax` bytes, at most 64 KiB, unless a single row is larger.
    public BlockEncoder(int sizeMax) {
        require(1 <= sizeMax && sizeMax <= 1 << 16, "block size out of range: %d", sizeMax);
        this.sizeMax = sizeMax;
        buffer = new byte[sizeMax + 64];
    }

    /// Adds the row at which the cursor stands; false if the block is full and took nothing. An
    /// empty block takes every row.
    public boolean add(RowCursor row) {
        int keyLength = row.keyLength();
        int valueLength = row.valueLength();
        boolean isRestart = rows % BlockV2.RESTART_INTERVAL == 0;
        int shared = isRestart ? 0 : sharedWithLast(row.keyArray(), row.keyOffset(), keyLength);
        int unshared = keyLength - shared;
        int flags = row.flags();
        int rowBytes =
                Varint.bytesOf(shared)
                        + Varint.bytesOf(unshared)
                        + Varint.bytesOf(valueLength)
                        + unshared
                        + valueLength
                        + Long.BYTES * (1 + Integer.bitCount(flags & TIMES))
                        + 1;
        int restartBytes = isRestart ? Short.BYTES : 0;
        if (0 < rows && sizeMax < sizeBytes() + (long) rowBytes + restartBytes) return false;
        assert 0 < keyLength && keyLength <= RowLimits.KEY_BYTES_MAX : keyLength;
        assert valueLength <= RowLimits.VALUE_BYTES_MAX : valueLength;
        if (isRestart) addRestart();
        makeRoom(rowBytes);
        int at = Varint.encode(buffer, used, shared);
        at = Varint.encode(buffer, at, unshared);
        at = Varint.encode(buffer, at, valueLength);
        System.arraycopy(row.keyArray(), row.keyOffset() + shared, buffer, at, unshared);
        rememberKey(shared, at, unshared);
        at += unshared;
        System.arraycopy(row.valueArray(), row.valueOffset(), buffer, at, valueLength);
        putTail(row, flags, at + valueLength);
        used += rowBytes;
        rows++;
        return true;
    }

    private void putTail(RowCursor row, int flags, int from) {
        int at = BigEndian.putU64(buffer, from, row.seq());
        buffer[at++] = (byte) flags;
        if ((flags & RowFlags.HAS_EXPIRY) != 0)
            at = BigEndian.putU64(buffer, at, row.expireAtMillis());
        if ((flags & RowFlags.HAS_CREATION) != 0)
            BigEndian.putU64(buffer, at, row.createdAtMillis());
    }

    /// True if it holds no row.
    public boolean isEmpty() {
        return rows == 0;
    }

    /// How many bytes the block would have if it ended now.
    public int sizeBytes() {
        return used + Short.BYTES * (1 + restartCount);
    }

    /// Ends the block: it stands in `[0, result)` of [#array] until [#reset].
    public int finish() {
        makeRoom(Short.BYTES * (1 + restartCount));
        int at = used;
        for (int i = 0; i < restartCount; i++) at = BigEndian.putU16(buffer, at, restarts[i]);
        return BigEndian.putU16(buffer, at, restartCount);
    }

    /// Makes it empty for the next block.
    public void reset() {
        used = 0;
        rows = 0;
        restartCount = 0;
        if (KEPT_BYTES_MAX < buffer.length) buffer = new byte[sizeMax + 64];
    }

    /// The buffer that holds the block.
    public byte[] array() {
        return buffer;
    }

    /// The array that holds the key added last, from 0 on.
    public byte[] lastKey() {
        return lastKey;
    }

    /// How long the key added last is.
    public int lastKeyLength() {
        return lastKeyLength;
    }

    private int sharedWithLast(byte[] key, int offset, int length) {
        int end = Math.min(length, lastKeyLength);
        int mismatch = Arrays.mismatch(lastKey, 0, end, key, offset, offset + end);
        return mismatch < 0 ? end : mismatch;
    }

    // The shared prefix stands there already.
    private void rememberKey(int shared, int suffixOffset, int unshared) {
        lastKeyLength = shared + unshared;
        lastKey = BlockV2.grown(lastKey, lastKeyLength);
        System.arraycopy(buffer, suffixOffset, lastKey, shared, unshared);
    }

    private void addRestart() {
        assert used <= 0xffff : used;
        if (restartCount == restarts.length) restarts = Arrays.copyOf(restarts, 2 * restartCount);
        restarts[restartCount++] = used;
    }

    private void makeRoom(int bytes) {
        long needed = (long) used + bytes;
        if (buffer.length < needed)
            buffer = Arrays.copyOf(buffer, Math.toIntExact(Math.max(needed, 2L * used)));
    }
}
