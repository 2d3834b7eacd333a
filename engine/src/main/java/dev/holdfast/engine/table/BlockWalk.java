package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan.Options.Blocks;
import dev.holdfast.engine.cache.CacheShelf;
import dev.holdfast.engine.memory.Lease;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Fetches the blocks of one table one after another, several in one piece once it is clear that
/// many will be wanted, and further pieces while those before them are being used.
///
/// Unless its plan says otherwise, the first blocks after a seek come one by one and stay in
/// memory, as those of a point lookup do. Then each piece is twice as long as the last, up to a
/// bound, and stays only where there is room to spare: a long scan does not drive out what is used
/// often. The longer the walk, the more pieces are on their way at once, each on a thread of its
/// own, as far as memory can be leased for them. Not thread-safe.
final class BlockWalk implements AutoCloseable {
    private static final long LEASE_LEAST = 64 << 10;

    private final SstReader table;
    private final SstIndex index;
    private final int step;
    private final int last;
    private final WalkPlan plan;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>(); // in the order of the walk
    private int fetches;

    /// Walks in `order` and never reads ahead beyond block `last`.
    BlockWalk(SstReader table, SstIndex index, Order order, int last, WalkPlan plan) {
        this.table = table;
        this.index = index;
        this.step = order == Order.ASCENDING ? 1 : -1;
        this.last = last;
        this.plan = plan;
    }

    /// A seek: what follows may be short again.
    void restart() {
        fetches = 0;
    }

    /// The block `number`.
    Block block(int number) {
        dropUpTo(number);
        Piece piece = pieces.peek();
        if (piece == null) {
            Block cached = table.blocks(index).peek(number);
            if (cached != null) return cached;
            if (fetches < plan.singles()) {
                fetches++;
                return single(number);
            }
            fetches++;
            piece = begin(number);
            if (piece == null) return single(number);
            fetch(piece);
        }
        beginMore();
        Block fetched = piece.block(number, table.cache());
        return fetched == null ? single(number) : fetched;
    }

    private Block single(int number) {
        return plan.blocks() == Blocks.PASSED
                ? table.blockAside(index, number)
                : table.block(index, number);
    }

    // How many pieces there were, that they may grow.
    private int grown() {
        return plan.growth() + fetches - plan.singles();
    }

    // What was walked past, or all if the walk goes on elsewhere.
    private void dropUpTo(int number) {
        while (!pieces.isEmpty() && !pieces.getFirst().contains(number)) pieces.remove().close();
    }

    private void beginMore() {
        int wanted = Math.min(plan.piecesMax(), grown() + 1);
        while (pieces.size() < wanted) {
            Piece behind = pieces.getLast();
            int next = 0 < step ? behind.end() : behind.from() - 1;
            // What is in memory is walked to before more is fetched.
            if (!isWithin(next) || table.blocks(index).holds(next)) return;
            fetches++;
            Piece piece = begin(next);
            if (piece == null) return;
            table.env().start("read-ahead", () -> fetch(piece));
        }
    }

    private void fetch(Piece piece) {
        piece.fetch(() -> blocks(piece.from(), piece.end()));
    }

    // As many as are wanted, lie side by side, are not in memory, and find room there. None beyond
    // those that the walk cannot do without is fetched where memory is short.
    private @Nullable Piece begin(int number) {
        int count = blocksAhead(number, plan.bytesMax());
        Lease lease =
                table.cache()
                        .memory()
                        .lease(MemoryUse.READ_AHEAD, LEASE_LEAST, 2 * bytes(number, count));
        if (lease == null) {
            if (!pieces.isEmpty()) return null;
            lease = table.cache().memory().leaseAnyway(MemoryUse.READ_AHEAD, LEASE_LEAST);
        }
        if (lease.bytes() < 2 * bytes(number, count))
            count = blocksAhead(number, lease.bytes() / 2);
        var piece = new Piece(0 < step ? number : number - count + 1, count, lease);
        pieces.add(piece);
        return piece;
    }

    private long bytes(int number, int count) {
        int from = 0 < step ? number : number - count + 1;
        int end = from + count - 1;
        return index.blockOffset(end) + index.blockLength(end) - index.blockOffset(from);
    }

    private int blocksAhead(int number, long bytesMax) {
        int wanted = Math.min(plan.blocksMax(), 1 << Math.clamp(grown(), 0, 30));
        CacheShelf<Block> shelf = table.blocks(index);
        long bytes = index.blockLength(number);
        int count = 1;
        for (int next = number + step; count < wanted && isWithin(next); next += step) {
            bytes += index.blockLength(next);
            if (bytesMax < bytes || shelf.holds(next)) break;
            count++;
        }
        return count;
    }

    private boolean isWithin(int number) {
        return 0 < step ? number <= last : last <= number;
    }

    private FetchedBlocks blocks(int from, int end) {
        Bytes stored = table.storedBlocks(index, from, end - 1);
        table.cache().countAhead(stored.length());
        // None is kept: nobody but the walk needs them, so whoever walks decodes them.
        if (plan.blocks() == Blocks.PASSED) return passed(from, stored);
        @Nullable Block[] blocks = new Block[end - from];
        long bytes = 0;
        for (int i = 0; i < blocks.length; i++) {
            // Its own array: a block that stays in memory must not keep its neighbours there.
            byte[] own = slice(stored, from, from + i).toArray();
            Block block = decodeOrNull(from + i, Bytes.wrap(own));
            blocks[i] = block;
            bytes += block == null ? 0 : block.sizeBytes();
        }
        return new FetchedBlocks(number -> blocks[number - from], bytes);
    }

    private FetchedBlocks passed(int from, Bytes stored) {
        return new FetchedBlocks(
                number -> decodeOrNull(number, ownOrSlice(stored, from, number)), stored.length());
    }

    private Bytes ownOrSlice(Bytes stored, int from, int number) {
        Bytes slice = slice(stored, from, number);
        return plan.keeping().mayKeep() ? Bytes.wrap(slice.toArray()) : slice;
    }

    // The block `number` of those that begin with block `from`.
    private Bytes slice(Bytes stored, int from, int number) {
        int at = (int) (index.blockOffset(number) - index.blockOffset(from));
        return stored.slice(at, at + index.blockLength(number));
    }

    // What is wrong here is read again by itself, and reported if it is wrong again.
    private @Nullable Block decodeOrNull(int number, Bytes stored) {
        try {
            Block block = table.decode(index, number, stored);
            switch (plan.blocks()) {
                case USUAL -> table.blocks(index).offer(number, block);
                case KEPT -> table.blocks(index).get(number, () -> block);
                case PASSED -> {
                    if (plan.keeping().keep(block.sizeBytes()))
                        table.blocks(index).put(number, block);
                }
            }
            return block;
        } catch (FormatException wrong) {
            return null;
        }
    }

    /// Drops what was fetched ahead; what is on its way is dropped when it comes.
    @Override
    public void close() {
        while (!pieces.isEmpty()) pieces.remove().close();
    }
}
