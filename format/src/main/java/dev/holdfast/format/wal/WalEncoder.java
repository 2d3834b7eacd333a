package dev.holdfast.format.wal;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.v2.BlockEncoder;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.section.IndexEncoder;
import dev.holdfast.format.section.SectionWriter;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstKind;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstProperties.Section;
import dev.holdfast.format.sst.SstStats;
import dev.holdfast.format.wire.BigEndian;
import java.util.List;

/// Writes one object of the write-ahead log: an SST whose rows stand in the order of their writing,
/// without filter and stats. Not thread-safe.
///
/// Its maker closes it, finished or not.
public final class WalEncoder implements AutoCloseable {
    private final Codec codec;
    private final SectionWriter out;
    private final BlockEncoder block;
    private final IndexEncoder index = new IndexEncoder();
    private final byte[] firstSeq = new byte[Long.BYTES];
    private final byte[] blockSeq = new byte[Long.BYTES];
    private long lastSeq;
    private long rows;

    /// Blocks have at most `blockSize` bytes before compression, and are in clear.
    public WalEncoder(int blockSize, Codec codec) {
        this(blockSize, codec, SectionSeal.NONE);
    }

    /// The same with sections that are sealed.
    public WalEncoder(int blockSize, Codec codec, SectionSeal seal) {
        this.codec = codec;
        out = new SectionWriter(codec, seal);
        block = new BlockEncoder(blockSize);
    }

    /// Adds the row at which the cursor stands; sequence numbers never fall.
    public void append(RowCursor row) {
        assert lastSeq <= row.seq() : "seq falls";
        if (rows == 0) BigEndian.putU64(firstSeq, 0, row.seq());
        if (block.isEmpty()) startBlock(row);
        if (!block.add(row)) {
            endBlock();
            startBlock(row);
            block.add(row);
        }
        lastSeq = row.seq();
        rows++;
    }

    /// How many rows were added.
    public long rows() {
        return rows;
    }

    /// The sequence number of the row added last; 0 before the first.
    public long lastSeq() {
        return lastSeq;
    }

    /// Ends the object. At least one row was added; nothing is added afterwards.
    public EncodedSst finish() {
        require(0 < rows, "a wal object without rows");
        if (!block.isEmpty()) endBlock();
        long start = out.position();
        var properties =
                new SstProperties(
                        Bytes.wrap(firstSeq),
                        null,
                        new Section(start, 0),
                        FilterForm.LEGACY,
                        new Section(start, out.append(index.finish())),
                        Section.ABSENT,
                        codec,
                        SstKind.WAL);
        out.appendRaw(properties.encodeTail());
        return new EncodedSst(out.finish(), out.position(), properties);
    }

    /// A fence: an SST without rows, of 114 bytes, as SlateDB 0.12 writes it. It is marked as a
    /// compacted one, with stats. It tells nothing, and is in clear.
    public static Bytes fence() {
        try (var out = new SectionWriter(Codec.NONE, SectionSeal.NONE)) {
            long indexLength = out.append(new IndexEncoder().finish());
            long statsLength = out.append(new SstStats(0, 0, 0, 0, 0, List.of()).encode());
            var properties =
                    new SstProperties(
                            null,
                            null,
                            Section.ABSENT,
                            FilterForm.LEGACY,
                            new Section(0, indexLength),
                            new Section(indexLength, statsLength),
                            Codec.NONE,
                            SstKind.COMPACTED);
            out.appendRaw(properties.encodeTail());
            return new EncodedSst(out.finish(), out.position(), properties).joined();
        }
    }

    /// A fence in that form.
    public static Bytes fence(WalDecoder.FenceForm form) {
        return switch (form) {
            case EMPTY_SST -> fence();
            case NO_BYTES -> Bytes.EMPTY;
        };
    }

    private void startBlock(RowCursor row) {
        BigEndian.putU64(blockSeq, 0, row.seq());
        index.add(out.position(), blockSeq, 0, Long.BYTES);
    }

    private void endBlock() {
        int length = block.finish();
        out.append(block.array(), length);
        block.reset();
    }

    @Override
    public void close() {
        out.close();
    }
}
