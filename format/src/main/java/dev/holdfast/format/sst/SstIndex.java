package dev.holdfast.format.sst;

import static dev.holdfast.format.wire.FormatException.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FlatTable;
import java.util.Arrays;

/// Where the blocks of an SST lie, and by which keys they are told apart. Immutable.
///
/// The separator of a block is greater than all keys of the block before, or equal to its last one
/// where a key's rows cross over, and at most the block's first key; that of the first block is
/// empty. In a WAL SST it is the block's first sequence number.
///
/// A table with many blocks makes three arrays, and no object per block.
public final class SstIndex {
    private static final int BLOCK_META = 0;
    private static final int OFFSET = 0;
    private static final int SEPARATOR = 1;

    private final long[] offsets; // one more than there are blocks: the last is where data ends
    private final byte[] separators;
    private final int[] separatorEnds;

    private SstIndex(long[] offsets, byte[] separators, int[] separatorEnds) {
        this.offsets = offsets;
        this.separators = separators;
        this.separatorEnds = separatorEnds;
    }

    /// Reads the payload of the index section.
    static SstIndex decode(Bytes payload, SstProperties properties) {
        FlatTable root = FlatTable.root(payload).withSlots(1, "sst index");
        FlatTable.Tables metas = root.requiredTables(BLOCK_META, "sst index block_meta");
        int count = metas.count();
        long[] offsets = new long[count + 1];
        int[] ends = new int[count];
        byte[] separators = new byte[payload.length()];
        int used = 0;
        for (int i = 0; i < count; i++) {
            FlatTable meta = metas.at(i).withSlots(2, "sst block meta");
            offsets[i] = meta.u63(OFFSET, "sst block offset");
            Bytes separator = meta.requiredBytes(SEPARATOR, "sst block first_key");
            // References may share their target, so all together may exceed the payload.
            require(separator.length() <= separators.length - used, "sst index separators overlap");
            separator.copyTo(separators, used);
            used += separator.length();
            ends[i] = used;
        }
        offsets[count] = properties.dataEnd();
        var index = new SstIndex(offsets, Arrays.copyOf(separators, used), ends);
        index.validate(properties);
        return index;
    }

    private void validate(SstProperties properties) {
        int count = blockCount();
        require((count == 0) == properties.isEmpty(), "sst index block count", count);
        require(offsets[0] == 0, "sst first block offset", offsets[0]);
        for (int i = 0; i < count; i++) {
            require(offsets[i] < offsets[i + 1], "sst block offset out of order", offsets[i]);
            require(
                    blockLength(i) <= Integer.MAX_VALUE - 8,
                    "sst block too long",
                    offsets[i + 1] - offsets[i]);
            if (properties.kind() == SstKind.WAL)
                require(separator(i).length() == Long.BYTES, "wal block seq missing. block", i);
            else if (0 < i)
                require(
                        separator(i - 1).compareTo(separator(i)) <= 0,
                        "sst separators unordered",
                        i);
        }
    }

    /// How many blocks there are.
    public int blockCount() {
        return separatorEnds.length;
    }

    /// Where block `block` begins in the file.
    public long blockOffset(int block) {
        return offsets[block];
    }

    /// How many bytes of the file block `block` takes, its checksum included.
    public int blockLength(int block) {
        return (int) Math.min(Integer.MAX_VALUE, offsets[block + 1] - offsets[block]);
    }

    /// The separator before block `block`.
    public Bytes separator(int block) {
        int start = separatorStart(block);
        return Bytes.wrap(separators, start, separatorEnds[block] - start);
    }

    /// In a WAL SST, the first sequence number of block `block`.
    public long firstSeq(int block) {
        return BigEndian.u64(separators, separatorStart(block));
    }

    /// The first block that can hold rows of `key`, or of what follows it: where a walk upwards
    /// begins. Rows of one key can go on in the blocks behind.
    public int firstBlockFor(byte[] key, int offset, int length) {
        return Math.max(0, blocksBefore(key, offset, length, -1) - 1);
    }

    /// The last block that can hold rows of `key`, or of what precedes it: where a walk downwards
    /// begins.
    public int lastBlockFor(byte[] key, int offset, int length) {
        return Math.max(0, blocksBefore(key, offset, length, 0) - 1);
    }

    /// How many bytes of memory it takes.
    public int sizeBytes() {
        return Long.BYTES * offsets.length + separators.length + Integer.BYTES * blockCount();
    }

    // How many separators compare to the key as at most `comparisonMax`.
    private int blocksBefore(byte[] key, int offset, int length, int comparisonMax) {
        int low = 0;
        int high = separatorEnds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int comparison =
                    Arrays.compareUnsigned(
                            separators,
                            separatorStart(middle),
                            separatorEnds[middle],
                            key,
                            offset,
                            offset + length);
            if (Integer.signum(comparison) <= comparisonMax) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private int separatorStart(int block) {
        return block == 0 ? 0 : separatorEnds[block - 1];
    }
}
