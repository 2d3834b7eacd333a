package dev.holdfast.format.block.v1;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.row.RowLimits;
import dev.holdfast.format.wire.ByteReader;
import dev.holdfast.format.wire.FormatException;
import java.util.Arrays;

/// Walks a block of version 1 in either direction: its rows can be reached in any order.
///
/// ```
/// prefix length: u16 | suffix length: u16 | suffix | seq: u64 | flags: u8
///     | expiry: i64? | creation: i64? | value length: u32 | value
/// ```
///
/// A tombstone ends before the value length, and its expiry, where there is one, means nothing.
final class BlockV1Cursor implements RowCursor {
    private static final int KNOWN_FLAGS =
            RowFlags.TOMBSTONE | RowFlags.HAS_EXPIRY | RowFlags.HAS_CREATION | RowFlags.MERGE;

    private final BlockV1 block;
    private final int step;
    private int index;

    private Bytes firstKey = Bytes.EMPTY;
    private byte[] key = new byte[64];
    private int keyLength;
    private Bytes value = Bytes.EMPTY;
    private long seq;
    private int flags;
    private long expireAtMillis;
    private long createdAtMillis;

    BlockV1Cursor(BlockV1 block, Direction direction) {
        this.block = block;
        step = direction == Direction.ASCENDING ? 1 : -1;
        index = direction == Direction.ASCENDING ? -1 : block.rowCount();
        parse(0);
        firstKey = Bytes.copyOf(key, 0, keyLength);
    }

    @Override
    public boolean next() {
        int moved = index + step;
        if (moved < 0 || block.rowCount() <= moved) return false;
        index = moved;
        parse(index);
        return true;
    }

    @Override
    public void seek(byte[] target, int offset, int length) {
        int low = 0;
        int high = block.rowCount();
        int comparisonMax = 0 < step ? -1 : 0; // upwards skip what is less, downwards what is not
        while (low < high) {
            int middle = (low + high) >>> 1;
            parse(middle);
            int comparison =
                    Arrays.compareUnsigned(key, 0, keyLength, target, offset, offset + length);
            if (Integer.signum(comparison) <= comparisonMax) low = middle + 1;
            else high = middle;
        }
        index = 0 < step ? low - 1 : low;
    }

    private void parse(int row) {
        int from = block.row(row);
        int end = block.rowEnd(row);
        var in = new ByteReader(Bytes.wrap(block.array(), from, end - from), "row");
        int prefix = in.u16();
        int suffix = in.u16();
        FormatException.require(prefix <= firstKey.length(), "row key prefix", prefix);
        keyLength = prefix + suffix;
        FormatException.require(
                1 <= keyLength && keyLength <= RowLimits.KEY_BYTES_MAX,
                "row key length invalid",
                keyLength);
        if (key.length < keyLength) key = new byte[Math.max(keyLength, 2 * key.length)];
        System.arraycopy(firstKey.array(), firstKey.offset(), key, 0, prefix);
        in.slice(suffix).copyTo(key, prefix);
        seq = in.u64();
        flags = in.u8();
        checkFlags();
        if ((flags & RowFlags.HAS_EXPIRY) != 0) expireAtMillis = in.u64();
        if ((flags & RowFlags.HAS_CREATION) != 0) createdAtMillis = in.u64();
        boolean isTombstone = (flags & RowFlags.TOMBSTONE) != 0;
        value = isTombstone ? Bytes.EMPTY : in.slice(in.u32() & 0xffffffffL);
        in.expectEnd();
        if (isTombstone) flags &= ~RowFlags.HAS_EXPIRY;
    }

    private void checkFlags() {
        FormatException.require((flags & ~KNOWN_FLAGS) == 0, "row flag unknown. flags", flags);
        int both = RowFlags.TOMBSTONE | RowFlags.MERGE;
        FormatException.require((flags & both) != both, "row is tombstone and merge. flags", flags);
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
        return value.array();
    }

    @Override
    public int valueOffset() {
        return value.offset();
    }

    @Override
    public int valueLength() {
        return value.length();
    }

    @Override
    public long seq() {
        return seq;
    }

    @Override
    public int flags() {
        return flags;
    }

    @Override
    public long expireAtMillis() {
        return expireAtMillis;
    }

    @Override
    public long createdAtMillis() {
        return createdAtMillis;
    }

    @Override
    public void close() {}
}
