package dev.holdfast.format.section;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FlatBuilder;
import java.util.Arrays;

/// Collects where blocks begin, and writes the index section. Not thread-safe.
public final class IndexEncoder {
    // What a block takes besides its separator: the table, its reference, padding.
    private static final int OVERHEAD_BYTES = 28;

    private long[] offsets = new long[64];
    private byte[] separators = new byte[1024];
    private int[] separatorEnds = new int[64];
    private int count;

    /// Adds a block that begins at `offset` of the file.
    public void add(long offset, byte[] separator, int separatorOffset, int separatorLength) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            separatorEnds = Arrays.copyOf(separatorEnds, 2 * count);
        }
        int used = usedBytes();
        int end = Math.addExact(used, separatorLength);
        if (separators.length < end)
            separators = Arrays.copyOf(separators, Math.max(end, 2 * separators.length));
        System.arraycopy(separator, separatorOffset, separators, used, separatorLength);
        offsets[count] = offset;
        separatorEnds[count++] = end;
    }

    /// Adds the blocks of `next`, which all moved by `shift`. Its first one, at the beginning of a
    /// file until now, had no separator.
    public void append(IndexEncoder next, long shift, Bytes separator) {
        add(next.offsets[0] + shift, separator.array(), separator.offset(), separator.length());
        for (int i = 1; i < next.count; i++) {
            int start = next.separatorEnds[i - 1];
            int length = next.separatorEnds[i] - start;
            add(next.offsets[i] + shift, next.separators, start, length);
        }
    }

    /// About how many bytes the section will take.
    public long sizeBytes() {
        return usedBytes() + (long) OVERHEAD_BYTES * count;
    }

    private Bytes separator(int block) {
        int start = block == 0 ? 0 : separatorEnds[block - 1];
        return Bytes.wrap(separators, start, separatorEnds[block] - start);
    }

    /// The payload of the index section.
    public Bytes finish() {
        var out = new FlatBuilder((int) Math.min(1 << 26, sizeBytes() + 64));
        int[] metas = new int[count];
        for (int i = 0; i < count; i++) {
            int separator = out.bytes(separator(i));
            metas[i] = out.u64(0, offsets[i], 0).reference(1, separator).table();
        }
        int vector = out.references(metas);
        return out.finish(out.reference(0, vector).table());
    }

    private int usedBytes() {
        return count == 0 ? 0 : separatorEnds[count - 1];
    }
}
