package dev.holdfast.format;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.filter.BloomFilter;
import dev.holdfast.format.row.Direction;
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
        SstIndex index = SstDecoder.index(slice(bytes, properties.index()), properties);
        return new SstFile(bytes, footer, properties, index);
    }

    public Block block(int number) {
        int start = (int) index.blockOffset(number);
        return SstDecoder.block(
                bytes.slice(start, start + index.blockLength(number)),
                properties.codec(),
                footer.version());
    }

    public List<Row> rows() {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < index.blockCount(); i++)
            rows.addAll(Row.drain(block(i).cursor(Direction.ASCENDING)));
        return rows;
    }

    public BloomFilter filter() {
        return SstDecoder.filter(section(properties.filter()), properties);
    }

    public SstStats stats() {
        return SstDecoder.stats(section(properties.stats()), properties);
    }

    public Bytes section(SstProperties.Section section) {
        return slice(bytes, section);
    }

    private static Bytes slice(Bytes bytes, SstProperties.Section section) {
        return bytes.slice((int) section.offset(), (int) section.end());
    }
}
