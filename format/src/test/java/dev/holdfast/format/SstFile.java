package dev.holdfast.format;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.filter.BloomFilter;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstStats;
import java.util.ArrayList;
import java.util.List;

/// A whole SST in memory, its sections read on demand.
public record SstFile(Bytes bytes, SstFooter footer, SstProperties properties, SstIndex index) {
    public static SstFile of(Bytes bytes) {
        SstFooter footer = SstDecoder.footer(bytes, bytes.length());
        SstProperties properties =
                SstDecoder.properties(
                        bytes.slice(
                                (int) footer.propertiesOffset(), bytes.length() - SstFooter.BYTES),
                        footer);
        Bytes stored = slice(bytes, properties.index());
        SstIndex index = SstDecoder.index(stored, properties, SectionSeal.NONE);
        return new SstFile(bytes, footer, properties, index);
    }

    public Block block(int number) {
        int start = (int) index.blockOffset(number);
        return SstDecoder.block(
                bytes.slice(start, start + index.blockLength(number)),
                new SstDecoder.BlockForm(properties.codec(), footer.version()),
                start);
    }

    public List<Row> rows() {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < index.blockCount(); i++)
            rows.addAll(Row.drain(block(i).cursor(Direction.ASCENDING)));
        return rows;
    }

    public BloomFilter filter() {
        return SstDecoder.filter(section(properties.filter()), properties, SectionSeal.NONE);
    }

    public SstStats stats() {
        return SstDecoder.stats(section(properties.stats()), properties, SectionSeal.NONE);
    }

    public Bytes section(SstProperties.Section section) {
        return slice(bytes, section);
    }

    private static Bytes slice(Bytes bytes, SstProperties.Section section) {
        return bytes.slice((int) section.offset(), (int) section.end());
    }
}
