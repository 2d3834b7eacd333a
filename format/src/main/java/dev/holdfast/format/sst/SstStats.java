package dev.holdfast.format.sst;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import java.util.List;

/// How many rows of each kind an SST holds, and how much they weigh.
///
/// @param keyBytes the length of all keys, each row's counted
/// @param valueBytes the length of all values
public record SstStats(
        long puts, long deletes, long merges, long keyBytes, long valueBytes, List<Counts> blocks) {
    private static final String NAME = "sst stats";

    /// The rows of one block.
    public record Counts(int puts, int deletes, int merges) {}

    public SstStats {
        blocks = List.copyOf(blocks);
    }

    /// The payload of the stats section.
    public Bytes encode() {
        var out = new FlatBuilder(64 + 20 * blocks.size());
        int vector = 0;
        if (!blocks.isEmpty()) {
            int[] tables = new int[blocks.size()];
            for (int i = 0; i < tables.length; i++) {
                Counts block = blocks.get(i);
                tables[i] =
                        out.u16(0, block.puts, 0)
                                .u16(1, block.deletes, 0)
                                .u16(2, block.merges, 0)
                                .table();
            }
            vector = out.references(tables);
        }
        return out.finish(
                out.u64(0, puts, 0)
                        .u64(1, deletes, 0)
                        .u64(2, merges, 0)
                        .u64(3, keyBytes, 0)
                        .u64(4, valueBytes, 0)
                        .reference(5, vector)
                        .table());
    }

    static SstStats decode(Bytes payload) {
        FlatTable root = FlatTable.root(payload).withSlots(6, NAME);
        FlatTable.Tables tables = root.tables(5);
        Counts[] blocks = new Counts[tables.count()];
        for (int i = 0; i < blocks.length; i++) {
            FlatTable block = tables.at(i).withSlots(3, NAME);
            blocks[i] = new Counts(block.u16(0, 0), block.u16(1, 0), block.u16(2, 0));
        }
        return new SstStats(
                root.u63(0, NAME),
                root.u63(1, NAME),
                root.u63(2, NAME),
                root.u63(3, NAME),
                root.u63(4, NAME),
                List.of(blocks));
    }
}
