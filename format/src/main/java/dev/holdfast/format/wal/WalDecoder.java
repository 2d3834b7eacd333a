package dev.holdfast.format.wal;

import static dev.holdfast.format.wire.FormatException.require;
import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.sst.SstKind;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.wire.BigEndian;

/// Reads one whole object of the write-ahead log.
public final class WalDecoder {
    private WalDecoder() {}

    /// What an object holds.
    public sealed interface Content permits Rows, Fence {}

    /// Rows, in the order of their writing.
    public record Rows(long firstSeq, RowCursor rows) implements Content {}

    /// No rows: the mark of a writer that took over.
    public record Fence(FenceForm form) implements Content {}

    /// How a fence is written.
    public enum FenceForm {
        /// An SST without rows.
        EMPTY_SST,
        /// An object without bytes. One that was cut to nothing looks the same.
        NO_BYTES
    }

    /// Reads an object in clear, as [#decode(Bytes, SectionSeal)] does.
    public static Content decode(Bytes object) {
        return decode(object, SectionSeal.NONE);
    }

    /// Reads an object with sections that `seal` opens. All checksums and the frame are checked
    /// here, the rows as they are walked over; both throw
    /// [dev.holdfast.format.wire.FormatException].
    public static Content decode(Bytes object, SectionSeal seal) {
        if (object.isEmpty()) return new Fence(FenceForm.NO_BYTES);
        SstFooter footer = SstDecoder.footer(object, object.length());
        Bytes stored = slice(object, footer.propertiesOffset(), object.length() - SstFooter.BYTES);
        SstProperties properties = SstDecoder.properties(stored, footer);
        properties.requireFits(object.length());
        // A fence tells nothing, and is in clear.
        SectionSeal meta = properties.isEmpty() ? SectionSeal.NONE : seal;
        SstIndex index =
                SstDecoder.index(
                        slice(object, properties.index().offset(), properties.index().end()),
                        properties,
                        meta);
        if (!properties.stats().isAbsent())
            SstDecoder.stats(
                    slice(object, properties.stats().offset(), properties.stats().end()),
                    properties,
                    meta);
        if (properties.isEmpty()) return new Fence(FenceForm.EMPTY_SST);
        require(properties.kind() == SstKind.WAL, "wal object is a compacted sst");
        require(properties.filter().isAbsent(), "wal object has a filter");
        require(properties.stats().isAbsent(), "wal object has stats");
        var form = new SstDecoder.BlockForm(properties.codec(), footer.version(), seal);
        Block[] blocks = new Block[index.blockCount()];
        for (int i = 0; i < blocks.length; i++) {
            long start = index.blockOffset(i);
            Bytes block = slice(object, start, start + index.blockLength(i));
            blocks[i] = SstDecoder.block(block, form, start);
        }
        Bytes first = requireNonNull(properties.firstEntry());
        long firstSeq = BigEndian.u64(first.array(), first.offset());
        require(firstSeq == index.firstSeq(0), "wal first seq differs from its index", firstSeq);
        return new Rows(firstSeq, new WalCursor(blocks, index));
    }

    private static Bytes slice(Bytes object, long start, long end) {
        return object.slice((int) start, (int) end);
    }
}
