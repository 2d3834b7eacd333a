package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.cache.CacheShelf;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.wire.FormatException;
import org.jspecify.annotations.Nullable;

/// Fetches the blocks of one table one after another, several in one piece once it is clear that
/// many will be wanted.
///
/// The first blocks after a seek come one by one and stay in memory, as those of a point lookup do.
/// Then each read is twice as long as the last, up to a bound, and stays only where there is room
/// to spare: a long scan does not drive out what is used often. Not thread-safe.
final class BlockWalk {
    private static final int SINGLE_BLOCKS = 2;
    private static final int AHEAD_BLOCKS_MAX = 128;
    private static final long AHEAD_BYTES_MAX = 1 << 20;

    private final SstReader table;
    private final SstIndex index;
    private final int step;
    private final int last;
    private @Nullable Block[] ahead = new Block[0];
    private int aheadFrom;
    private int aheadCount;
    private int fetches;

    /// Walks in `order` and never reads ahead beyond block `last`.
    BlockWalk(SstReader table, SstIndex index, Order order, int last) {
        this.table = table;
        this.index = index;
        this.step = order == Order.ASCENDING ? 1 : -1;
        this.last = last;
    }

    /// A seek: what follows may be short again.
    void restart() {
        fetches = 0;
    }

    /// The block `number`.
    Block block(int number) {
        int slot = number - aheadFrom;
        if (0 <= slot && slot < aheadCount) {
            Block fetched = ahead[slot];
            if (fetched != null) return fetched;
        }
        Block cached = table.blocks(index).peek(number);
        if (cached != null) return cached;
        fetches++;
        int count = fetches <= SINGLE_BLOCKS ? 1 : blocksAhead(number);
        return count == 1 ? table.block(index, number) : fetchAhead(number, count);
    }

    // As many as are wanted, lie side by side, and are not in memory.
    private int blocksAhead(int number) {
        int wanted = Math.min(AHEAD_BLOCKS_MAX, 1 << Math.min(30, fetches - SINGLE_BLOCKS));
        CacheShelf<Block> shelf = table.blocks(index);
        long bytes = index.blockLength(number);
        int count = 1;
        for (int next = number + step; count < wanted && isWithin(next); next += step) {
            bytes += index.blockLength(next);
            if (AHEAD_BYTES_MAX < bytes || shelf.holds(next)) break;
            count++;
        }
        return count;
    }

    private boolean isWithin(int number) {
        return 0 < step ? number <= last : last <= number;
    }

    private Block fetchAhead(int number, int count) {
        int from = 0 < step ? number : number - count + 1;
        Bytes stored = table.storedBlocks(index, from, from + count - 1);
        long start = index.blockOffset(from);
        ahead = new Block[count];
        aheadFrom = from;
        aheadCount = count;
        for (int i = 0; i < count; i++) {
            int at = (int) (index.blockOffset(from + i) - start);
            // Its own array: a block that stays in memory must not keep its neighbours there.
            byte[] own = stored.slice(at, at + index.blockLength(from + i)).toArray();
            ahead[i] = decodeOrNull(from + i, Bytes.wrap(own));
        }
        Block wanted = ahead[number - from];
        return wanted != null ? wanted : table.block(index, number);
    }

    // What is wrong here is read again by itself, and reported if it is wrong again.
    private @Nullable Block decodeOrNull(int number, Bytes stored) {
        try {
            Block block = table.decode(index, number, stored);
            table.blocks(index).offer(number, block);
            return block;
        } catch (FormatException wrong) {
            return null;
        }
    }
}
