package dev.holdfast.format.sst;

import static dev.holdfast.base.Checks.require;
import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.v2.BlockEncoder;
import dev.holdfast.format.filter.BloomFilterEncoder;
import dev.holdfast.format.filter.CompositeFilter;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.section.IndexEncoder;
import dev.holdfast.format.section.SectionWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes one compacted SST in one pass. Not thread-safe.
///
/// Rows come key ascending, and of one key newest first. Its maker closes it, finished or not.
public final class SstEncoder implements AutoCloseable {
    private static final int U16_MAX = 0xffff;

    private final SstSettings settings;
    private final SectionWriter out;
    private BlockEncoder block;
    private final IndexEncoder index = new IndexEncoder();
    private final List<CompositeFilter.Maker> filters;

    private @Nullable Bytes firstKey;
    private long rows;
    private long puts;
    private long deletes;
    private long merges;
    private long keyBytes;
    private long valueBytes;
    private int blockPuts;
    private int blockDeletes;
    private int blockMerges;
    private final List<SstStats.Counts> blockCounts = new ArrayList<>();

    /// In clear.
    public SstEncoder(SstSettings settings) {
        this(settings, SectionSeal.NONE);
    }

    /// With its sections sealed, and a filter over whole keys.
    public SstEncoder(SstSettings settings, SectionSeal seal) {
        this(settings, seal, wholeKeys(settings.filterBitsPerKey()));
    }

    /// With its sections sealed, and filters of any kind. In the legacy form there is at most one,
    /// the Bloom filter over whole keys.
    public SstEncoder(SstSettings settings, SectionSeal seal, List<CompositeFilter.Maker> filters) {
        this.settings = settings;
        this.filters = List.copyOf(filters);
        require(
                settings.filterForm() == FilterForm.COMPOSITE || isLegacy(filters),
                "filters that the older form cannot hold");
        out = new SectionWriter(settings.codec(), seal);
        block = new BlockEncoder(settings.blockSize());
    }

    private static List<CompositeFilter.Maker> wholeKeys(int bitsPerKey) {
        if (bitsPerKey == 0) return List.of();
        var encoder = new BloomFilterEncoder(bitsPerKey);
        return List.of(new CompositeFilter.Maker(CompositeFilter.WHOLE_KEYS, encoder));
    }

    private static boolean isLegacy(List<CompositeFilter.Maker> filters) {
        return filters.isEmpty()
                || (filters.size() == 1
                        && filters.getFirst().name().equals(CompositeFilter.WHOLE_KEYS));
    }

    /// Adds the row at which the cursor stands.
    public void add(RowCursor row) {
        assert rows == 0 || isBehindLast(row) : "rows out of order";
        if (block.isEmpty()) startBlock(row);
        if (!block.add(row)) {
            endBlock();
            startBlock(row);
            block.add(row);
        }
        count(row);
    }

    /// True if another encoder like this one can be appended to it, or it to another one.
    public boolean isJoinable() {
        return out.isInClear() && filters.stream().allMatch(each -> each.encoder().isJoinable());
    }

    /// Takes over all rows of `next`, at least one, which come behind those here. It is of the same
    /// settings and filters, and nothing is added to it afterwards. Both are [#isJoinable].
    public void append(SstEncoder next) {
        require(0 < rows && 0 < next.rows, "an sst without rows");
        if (!block.isEmpty()) endBlock();
        if (!next.block.isEmpty()) next.endBlock();
        Bytes first = requireNonNull(next.firstKey);
        int length = separatorLength(first.array(), first.offset(), first.length());
        index.append(next.index, out.position(), first.slice(0, length));
        out.append(next.out);
        block = next.block;
        addCounts(next);
        for (int i = 0; i < filters.size(); i++)
            filters.get(i).encoder().append(next.filters.get(i).encoder());
    }

    private void addCounts(SstEncoder next) {
        rows += next.rows;
        puts += next.puts;
        deletes += next.deletes;
        merges += next.merges;
        keyBytes += next.keyBytes;
        valueBytes += next.valueBytes;
        blockCounts.addAll(next.blockCounts);
    }

    /// About how many bytes the file would have if it ended now; compression of the block at hand
    /// is not foreseen.
    public long sizeBytes() {
        long bytes = out.position() + block.sizeBytes() + index.sizeBytes();
        for (int i = 0; i < filters.size(); i++) bytes += filters.get(i).encoder().sizeBytes();
        return bytes;
    }

    /// How many rows were added.
    public long rows() {
        return rows;
    }

    /// Ends the file. At least one row was added; nothing is added afterwards.
    public EncodedSst finish() {
        require(0 < rows, "an sst without rows");
        if (!block.isEmpty()) endBlock();
        Bytes lastKey = Bytes.copyOf(block.lastKey(), 0, block.lastKeyLength());
        boolean isFiltered = !filters.isEmpty() && settings.filterRowsMin() <= rows;
        var properties =
                new SstProperties(
                        requireNonNull(firstKey),
                        lastKey,
                        isFiltered ? section(filterPayload()) : noSection(),
                        isFiltered ? settings.filterForm() : FilterForm.LEGACY,
                        section(index.finish()),
                        section(stats().encode()),
                        settings.codec(),
                        SstKind.COMPACTED);
        out.appendRaw(properties.encodeTail());
        return new EncodedSst(out.finish(), out.position(), properties);
    }

    private Bytes filterPayload() {
        return switch (settings.filterForm()) {
            case LEGACY -> filters.getFirst().encoder().finish();
            case COMPOSITE ->
                    CompositeFilter.encode(
                            filters.stream()
                                    .map(each ->
                                            new CompositeFilter.Part(
                                                    each.name(), each.encoder().finish()))
                                    .toList());
        };
    }

    private SstProperties.Section section(Bytes payload) {
        long start = out.position();
        return new SstProperties.Section(start, out.append(payload));
    }

    private SstProperties.Section noSection() {
        return new SstProperties.Section(out.position(), 0);
    }

    private SstStats stats() {
        return new SstStats(puts, deletes, merges, keyBytes, valueBytes, blockCounts);
    }

    // The first block has an empty separator.
    private void startBlock(RowCursor row) {
        int length = 0;
        if (firstKey == null)
            firstKey = Bytes.copyOf(row.keyArray(), row.keyOffset(), row.keyLength());
        else length = separatorLength(row.keyArray(), row.keyOffset(), row.keyLength());
        index.add(out.position(), row.keyArray(), row.keyOffset(), length);
    }

    // As short as tells the block's first key from the last key of the block before; the whole key
    // where they are equal.
    private int separatorLength(byte[] key, int offset, int length) {
        int mismatch =
                Arrays.mismatch(
                        block.lastKey(), 0, block.lastKeyLength(), key, offset, offset + length);
        return mismatch < 0 ? length : mismatch + 1;
    }

    private boolean isBehindLast(RowCursor row) {
        int from = row.keyOffset();
        return Arrays.compareUnsigned(
                        block.lastKey(),
                        0,
                        block.lastKeyLength(),
                        row.keyArray(),
                        from,
                        from + row.keyLength())
                <= 0;
    }

    private void endBlock() {
        int length = block.finish();
        out.append(block.array(), length);
        block.reset();
        blockCounts.add(
                new SstStats.Counts(
                        Math.min(U16_MAX, blockPuts),
                        Math.min(U16_MAX, blockDeletes),
                        Math.min(U16_MAX, blockMerges)));
        blockPuts = 0;
        blockDeletes = 0;
        blockMerges = 0;
    }

    private void count(RowCursor row) {
        rows++;
        keyBytes += row.keyLength();
        valueBytes += row.valueLength();
        int flags = row.flags();
        if ((flags & RowFlags.TOMBSTONE) != 0) {
            deletes++;
            blockDeletes++;
        } else if ((flags & RowFlags.MERGE) != 0) {
            merges++;
            blockMerges++;
        } else {
            puts++;
            blockPuts++;
        }
        for (int i = 0; i < filters.size(); i++)
            filters.get(i).encoder().add(row.keyArray(), row.keyOffset(), row.keyLength());
    }

    @Override
    public void close() {
        out.close();
    }
}
