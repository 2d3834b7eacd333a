package dev.holdfast.format.sst;

import static dev.holdfast.format.wire.FormatException.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.filter.BloomFilter;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks a whole compacted SST: every byte belongs to a section, every section is sound, and all
/// that they say of each other is true.
public final class SstVerifier {
    private final Bytes file;
    private final SstProperties properties;
    private final int version;
    private final SectionSeal seal;
    private final SstIndex index;
    private final @Nullable BloomFilter filter;

    private byte[] lastKey = new byte[256];
    private int lastKeyLength;
    private long lastSeq;
    private long rows;
    private long puts;
    private long deletes;
    private long merges;
    private long keyBytes;
    private long valueBytes;
    private final List<SstStats.Counts> counts = new ArrayList<>();

    /// What a sound file holds.
    public record Report(SstProperties properties, int version, long rows) {}

    private SstVerifier(Bytes file, SstProperties properties, int version, SectionSeal seal) {
        this.file = file;
        this.properties = properties;
        this.version = version;
        this.seal = seal;
        index = SstDecoder.index(section(properties.index()), properties, seal);
        filter =
                properties.filter().isAbsent()
                        ? null
                        : SstDecoder.filter(section(properties.filter()), properties, seal);
    }

    /// Checks a file by itself. Throws [FormatException] at the first thing that is wrong.
    public static Report verify(Bytes file) {
        return verify(file, SectionSeal.NONE);
    }

    /// The same with sections that `seal` opens.
    public static Report verify(Bytes file, SectionSeal seal) {
        SstFooter footer = SstDecoder.footer(file, file.length());
        Bytes stored = file.slice((int) footer.propertiesOffset(), file.length() - SstFooter.BYTES);
        SstProperties properties = SstDecoder.properties(stored, footer);
        require(properties.kind() == SstKind.COMPACTED, "sst is a wal object");
        var verifier = new SstVerifier(file, properties, footer.version(), seal);
        verifier.checkBlocks();
        verifier.checkStats();
        return new Report(properties, footer.version(), verifier.rows);
    }

    /// Checks a file by itself, and against what the manifest says of it.
    public static Report verify(Bytes file, SstProperties expected, int expectedVersion) {
        return verify(file, expected, expectedVersion, SectionSeal.NONE);
    }

    /// The same with sections that `seal` opens.
    public static Report verify(
            Bytes file, SstProperties expected, int expectedVersion, SectionSeal seal) {
        expected.requireFits(file.length());
        Report report = verify(file, seal);
        require(report.version == expectedVersion, "sst version differs from the manifest's");
        require(report.properties.equals(expected), "sst properties differ from the manifest's");
        return report;
    }

    private Bytes section(SstProperties.Section section) {
        return file.slice((int) section.offset(), (int) section.end());
    }

    private void checkBlocks() {
        var form = new SstDecoder.BlockForm(properties.codec(), version, seal);
        for (int i = 0; i < index.blockCount(); i++) {
            int start = (int) index.blockOffset(i);
            Bytes stored = file.slice(start, start + index.blockLength(i));
            Block block = SstDecoder.block(stored, form, start);
            block.verify();
            checkBlock(i, block.cursor(Direction.ASCENDING));
        }
        if (properties.isEmpty()) return;
        Bytes last = Bytes.wrap(lastKey, 0, lastKeyLength);
        require(last.equals(properties.lastEntry()), "sst last key differs from its properties");
    }

    private void checkBlock(int number, RowCursor row) {
        long putsBefore = puts;
        long deletesBefore = deletes;
        long mergesBefore = merges;
        for (boolean isFirst = true; row.next(); isFirst = false) {
            if (isFirst) checkFirst(number, row);
            if (0 < rows) checkOrder(row);
            checkFilter(row);
            remember(row);
            count(row);
        }
        counts.add(
                new SstStats.Counts(
                        capped(puts - putsBefore),
                        capped(deletes - deletesBefore),
                        capped(merges - mergesBefore)));
    }

    private void checkFirst(int number, RowCursor row) {
        Bytes first = Bytes.wrap(row.keyArray(), row.keyOffset(), row.keyLength());
        Bytes separator = index.separator(number);
        require(separator.compareTo(first) <= 0, "sst separator exceeds its block. block", number);
        if (number == 0) {
            require(first.equals(properties.firstEntry()), "sst first key differs from properties");
            return;
        }
        Bytes last = Bytes.wrap(lastKey, 0, lastKeyLength);
        int comparison = last.compareTo(separator);
        require(
                comparison < 0 || (comparison == 0 && separator.equals(first)),
                "sst separator does not separate. block",
                number);
    }

    private void checkOrder(RowCursor row) {
        int offset = row.keyOffset();
        int comparison =
                Arrays.compareUnsigned(
                        lastKey,
                        0,
                        lastKeyLength,
                        row.keyArray(),
                        offset,
                        offset + row.keyLength());
        require(comparison <= 0, "sst keys out of order. row", rows);
        require(
                comparison < 0 || row.seq() <= lastSeq,
                "sst seqs of one key out of order. row",
                rows);
    }

    private void checkFilter(RowCursor row) {
        if (filter == null) return;
        boolean isThere = filter.mightContain(row.keyArray(), row.keyOffset(), row.keyLength());
        require(isThere, "sst filter misses a key. row", rows);
    }

    private void remember(RowCursor row) {
        lastKeyLength = row.keyLength();
        if (lastKey.length < lastKeyLength) lastKey = new byte[2 * lastKeyLength];
        System.arraycopy(row.keyArray(), row.keyOffset(), lastKey, 0, lastKeyLength);
        lastSeq = row.seq();
    }

    private void count(RowCursor row) {
        rows++;
        keyBytes += row.keyLength();
        valueBytes += row.valueLength();
        if ((row.flags() & RowFlags.TOMBSTONE) != 0) deletes++;
        else if ((row.flags() & RowFlags.MERGE) != 0) merges++;
        else puts++;
    }

    private void checkStats() {
        if (properties.stats().isAbsent()) return;
        SstStats stats = SstDecoder.stats(section(properties.stats()), properties, seal);
        var counted = new SstStats(puts, deletes, merges, keyBytes, valueBytes, counts);
        if (!stats.equals(counted))
            throw new FormatException(
                    "sst stats differ from its rows. stored=`"
                            + brief(stats)
                            + "`, counted=`"
                            + brief(counted)
                            + "`");
    }

    private static String brief(SstStats stats) {
        return stats.puts() + "+" + stats.deletes() + "+" + stats.merges();
    }

    private static int capped(long count) {
        return (int) Math.min(0xffff, count);
    }
}
