package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.cache.CacheShelf;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.wire.FormatException;

/// Brings a table into memory that was just written and lies on this machine: its rows were in
/// memory until now, and whoever reads or changes them again should not wait for them.
public final class TableFill {
    private static final int PIECE_BYTES_MAX = 256 << 10;
    private static final int PARTS_OF_CACHE = 4; // one of them is left to what is read

    private final SstReader table;
    private final SstIndex index;
    private final CacheShelf<Block> blocks;

    private TableFill(SstReader table) {
        this.table = table;
        index = table.index();
        blocks = table.blocks(index);
    }

    /// Fills the cache with index, filter, and blocks from the first on, up to three quarters of
    /// it. What cannot be read is left to whoever needs it.
    public static void fill(SstReader table) {
        if (table.cache().roomInAll() < PARTS_OF_CACHE * PIECE_BYTES_MAX) return;
        try {
            table.readHead();
            new TableFill(table).fillBlocks();
        } catch (StorageException | FormatException _) {
            // Met again by a read, which knows what to do about it.
        }
    }

    private void fillBlocks() {
        long room = table.cache().roomInAll();
        long left = room - room / PARTS_OF_CACHE;
        int first = 0;
        while (first < index.blockCount()) {
            int last = lastOfPiece(first);
            if (left < end(last) - index.blockOffset(first)) return;
            left -= put(first, last, table.storedBlocks(index, first, last));
            first = last + 1;
        }
    }

    private int lastOfPiece(int first) {
        long endMax = index.blockOffset(first) + PIECE_BYTES_MAX;
        int last = first;
        while (last + 1 < index.blockCount() && end(last + 1) <= endMax) last++;
        return last;
    }

    // Returns how many bytes of memory they take.
    private long put(int first, int last, Bytes piece) {
        long bytes = 0;
        for (int number = first; number <= last; number++) {
            int start = (int) (index.blockOffset(number) - index.blockOffset(first));
            // Its own array: what stays in memory must not keep its neighbours there.
            byte[] stored = piece.slice(start, start + index.blockLength(number)).toArray();
            Block block = table.decode(index, number, Bytes.wrap(stored));
            bytes += blocks.put(number, block);
        }
        return bytes;
    }

    private long end(int number) {
        return index.blockOffset(number) + index.blockLength(number);
    }
}
