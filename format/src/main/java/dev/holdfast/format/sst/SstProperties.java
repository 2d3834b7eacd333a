package dev.holdfast.format.sst;

import static dev.holdfast.format.wire.FormatException.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.Crc32;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.FormatException;
import org.jspecify.annotations.Nullable;

/// Where the sections of an SST lie, and what they hold. It stands at the end of the file, and a
/// copy in the manifest, so that reading a table needs no look at its end.
///
/// Sections lie one behind the other: data blocks, filter, index, stats, properties. A length of 0
/// means that the section is absent. Lengths include the checksum.
///
/// @param firstEntry the first key; in a WAL SST the first sequence number; null in an empty one
/// @param lastEntry the last key; null in WAL SSTs and in an empty one
public record SstProperties(
        @Nullable Bytes firstEntry,
        @Nullable Bytes lastEntry,
        Section filter,
        FilterForm filterForm,
        Section index,
        Section stats,
        Codec codec,
        SstKind kind) {
    private static final int SLOTS = 11;
    private static final int FIRST_ENTRY = 0;
    private static final int INDEX_OFFSET = 1;
    private static final int INDEX_LENGTH = 2;
    private static final int FILTER_OFFSET = 3;
    private static final int FILTER_LENGTH = 4;
    private static final int COMPRESSION = 5;
    private static final int KIND = 6;
    private static final int LAST_ENTRY = 7;
    private static final int STATS_OFFSET = 8;
    private static final int STATS_LENGTH = 9;
    private static final int FILTER_FORM = 10;

    /// The bytes `[offset, offset + length)` of a file; absent where `length` is 0.
    public record Section(long offset, long length) {
        /// A section that is not there.
        public static final Section ABSENT = new Section(0, 0);

        public Section {
            require(0 <= offset && 0 <= length, "sst section negative. offset", offset);
            require(length <= Long.MAX_VALUE - offset, "sst section too long. length", length);
        }

        /// True if it is not there.
        public boolean isAbsent() {
            return length == 0;
        }

        /// Where it ends.
        public long end() {
            return offset + length;
        }
    }

    public SstProperties {
        require(!index.isAbsent(), "sst has no index");
        require(
                filter.isAbsent()
                        ? filter.offset == 0 || filter.offset == index.offset
                        : filter.end() == index.offset,
                "sst filter does not end at the index. offset",
                filter.offset);
        require(
                stats.isAbsent()
                        ? stats.offset == 0 || stats.offset == index.end()
                        : stats.offset == index.end(),
                "sst stats do not begin where the index ends. offset",
                stats.offset);
        // A fence of an engine that filters few keys too has a filter over none.
        boolean isEmpty = (filter.isAbsent() ? index.offset : filter.offset) == 0;
        require(isEmpty == (firstEntry == null), "sst has rows and no first entry, or the reverse");
        if (firstEntry != null) {
            boolean isWal = kind == SstKind.WAL;
            require(isWal == (lastEntry == null), "sst last entry missing, or out of place");
            require(!isWal || firstEntry.length() == Long.BYTES, "wal first entry is no seq");
            require(
                    lastEntry == null
                            || (!firstEntry.isEmpty() && firstEntry.compareTo(lastEntry) <= 0),
                    "sst entries out of order");
        }
    }

    /// Where the data blocks end.
    public long dataEnd() {
        return filter.isAbsent() ? index.offset : filter.offset;
    }

    /// Where the properties begin in the file.
    public long propertiesOffset() {
        return stats.isAbsent() ? index.end() : stats.end();
    }

    /// True if there are no rows.
    public boolean isEmpty() {
        return firstEntry == null;
    }

    /// Throws unless all sections, and something behind them, fit into a file of `fileSize` bytes.
    public void requireFits(long fileSize) {
        require(
                propertiesOffset() < fileSize - SstFooter.BYTES,
                "sst sections exceed the file. size",
                fileSize);
    }

    /// Writes the table and returns its position.
    public int encode(FlatBuilder out) {
        int first = firstEntry == null ? 0 : out.bytes(firstEntry);
        int last = lastEntry == null ? 0 : out.bytes(lastEntry);
        return out.reference(FIRST_ENTRY, first)
                .u64(INDEX_OFFSET, index.offset, 0)
                .u64(INDEX_LENGTH, index.length, 0)
                .u64(FILTER_OFFSET, filter.offset, 0)
                .u64(FILTER_LENGTH, filter.length, 0)
                .i8(COMPRESSION, codec.id())
                .i8(KIND, kind.ordinal())
                .reference(LAST_ENTRY, last)
                .u64(STATS_OFFSET, stats.offset, 0)
                .u64(STATS_LENGTH, stats.length, 0)
                .i8(FILTER_FORM, filterForm.ordinal())
                .table();
    }

    /// The end of the file: these properties with their checksum, and the footer.
    public Bytes encodeTail() {
        var out = new FlatBuilder(256);
        Bytes table = out.finish(encode(out));
        byte[] tail = new byte[table.length() + Crc32.BYTES + SstFooter.BYTES];
        table.copyTo(tail, 0);
        int at = table.length();
        at = BigEndian.putU32(tail, at, Crc32.of(tail, 0, at));
        new SstFooter(propertiesOffset(), SstFooter.VERSION_WRITTEN).encode(tail, at);
        return Bytes.wrap(tail);
    }

    /// Reads the table.
    public static SstProperties decode(FlatTable table) {
        table.withSlots(SLOTS, "sst properties");
        return new SstProperties(
                owned(table.bytes(FIRST_ENTRY)),
                owned(table.bytes(LAST_ENTRY)),
                section(table, FILTER_OFFSET, FILTER_LENGTH),
                filterForm(table.i8(FILTER_FORM)),
                section(table, INDEX_OFFSET, INDEX_LENGTH),
                section(table, STATS_OFFSET, STATS_LENGTH),
                Codec.of(table.i8(COMPRESSION)),
                kind(table.i8(KIND)));
    }

    // A copy, so that a key does not keep the whole manifest in memory.
    private static @Nullable Bytes owned(@Nullable Bytes bytes) {
        return bytes == null ? null : Bytes.wrap(bytes.toArray());
    }

    private static Section section(FlatTable table, int offset, int length) {
        return new Section(
                table.u63(offset, "sst section offset"), table.u63(length, "sst section length"));
    }

    private static FilterForm filterForm(int id) {
        return switch (id) {
            case 0 -> FilterForm.LEGACY;
            case 1 -> FilterForm.COMPOSITE;
            default -> throw new FormatException("sst filter form unknown. id=`" + id + "`");
        };
    }

    private static SstKind kind(int id) {
        return switch (id) {
            case 0 -> SstKind.COMPACTED;
            case 1 -> SstKind.WAL;
            default -> throw new FormatException("sst kind unknown. id=`" + id + "`");
        };
    }
}
