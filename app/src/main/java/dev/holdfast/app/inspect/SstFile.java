package dev.holdfast.app.inspect;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.sst.SstKind;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstStats;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One table, or one object of the log, read whole.
///
/// Throws [FormatException] where it is not what it says.
public final class SstFile {
    private final Bytes file;
    private final SstFooter footer;
    private final SstProperties properties;
    private final SectionSeal seal;
    private final SstIndex index;

    public SstFile(Bytes file, SectionSeal seal) {
        this.file = file;
        if (file.length() < SstFooter.BYTES)
            throw new FormatException("too short for an sst. length=`" + file.length() + "`");
        Bytes tail = file.slice(file.length() - SstFooter.BYTES, file.length());
        this.footer = SstDecoder.footer(tail, file.length());
        this.properties =
                SstDecoder.properties(
                        part(footer.propertiesOffset(), file.length() - SstFooter.BYTES), footer);
        properties.requireFits(file.length());
        // A fence is in clear.
        this.seal = properties.isEmpty() ? SectionSeal.NONE : seal;
        this.index = SstDecoder.index(part(properties.index()), properties, this.seal);
    }

    /// What its end says of it.
    public Page head(String name) {
        return new Page()
                .add("object", name)
                .add("size", file.length())
                .add("version", footer.version())
                .add("kind", word(properties.kind()))
                .add("codec", word(properties.codec()))
                .add("first", entry(properties.firstEntry()))
                .add("last", entry(properties.lastEntry()))
                .add("blocks", index.blockCount())
                .add("index", section(properties.index()))
                .add("filter", section(properties.filter()))
                .add("filterForm", filterForm())
                .add("stats", stats());
    }

    /// Where each block is and what it begins with.
    public List<Page> blocks() {
        List<Page> blocks = new ArrayList<>();
        for (int i = 0; i < index.blockCount(); i++) {
            Page page = new Page().add("block", i).add("offset", index.blockOffset(i));
            page.add("length", index.blockLength(i));
            if (isLog()) page.add("firstSeq", index.firstSeq(i));
            else page.add("separator", Escapes.show(index.separator(i)));
            blocks.add(page);
        }
        return blocks;
    }

    /// Prints the rows of every block.
    public void print(Rows rows) {
        var form = new SstDecoder.BlockForm(properties.codec(), footer.version(), seal);
        for (int i = 0; i < index.blockCount(); i++) {
            long start = index.blockOffset(i);
            Bytes stored = part(start, start + index.blockLength(i));
            Block block = SstDecoder.block(stored, form, start);
            try (RowCursor cursor = block.cursor(Direction.ASCENDING)) {
                rows.print(cursor);
            }
        }
    }

    private boolean isLog() {
        return properties.kind() == SstKind.WAL;
    }

    private @Nullable String entry(@Nullable Bytes entry) {
        if (entry == null) return null;
        boolean isSeq = isLog() && entry.length() == Long.BYTES;
        return isSeq ? "seq " + entry.toBuffer().getLong() : Escapes.show(entry);
    }

    private @Nullable String filterForm() {
        return properties.filter().isAbsent() ? null : word(properties.filterForm());
    }

    private @Nullable Page stats() {
        if (properties.stats().isAbsent()) return null;
        SstStats stats = SstDecoder.stats(part(properties.stats()), properties, seal);
        return new Page()
                .add("puts", stats.puts())
                .add("deletes", stats.deletes())
                .add("merges", stats.merges())
                .add("keyBytes", stats.keyBytes())
                .add("valueBytes", stats.valueBytes());
    }

    private static @Nullable String section(SstProperties.Section section) {
        return section.isAbsent() ? null : "[" + section.offset() + ", " + section.end() + ")";
    }

    private Bytes part(SstProperties.Section section) {
        return part(section.offset(), section.end());
    }

    // Checked against the file's size before, so neither end is beyond an int.
    private Bytes part(long start, long end) {
        return file.slice((int) start, (int) end);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
