package dev.holdfast.engine.table;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Scan.Options.Blocks;

/// How a walk through a table fetches its blocks.
///
/// @param singles blocks that come one by one after a seek, before whole pieces do
/// @param growth doublings of the first piece that are left out, as more is wanted at once
/// @param blocksMax blocks in a piece
/// @param bytesMax bytes in a piece, of which one block may be more
/// @param piecesMax pieces in use or on their way at once
/// @param blocks what becomes of them
/// @param prefix what all keys that are wanted begin with, to ask filters for; empty to ask none
/// @param keeping which of those that are passed stay in memory all the same
public record WalkPlan(
        int singles,
        int growth,
        int blocksMax,
        long bytesMax,
        int piecesMax,
        Blocks blocks,
        Bytes prefix,
        Keeping keeping) {

    /// For who does not say what will be wanted: small at first.
    public static final WalkPlan USUAL =
            new WalkPlan(2, 0, 128, 1 << 20, 4, Blocks.USUAL, Bytes.EMPTY, Keeping.NONE);

    private static final int AT_ONCE = 30;
    private static final int BLOCKS_MAX = 1 << 14;

    /// For who reads all of it, once: whole pieces from the start, and nothing of it is kept. The
    /// walk decodes each block itself, so that the threads that fetch ahead only fetch.
    public static final WalkPlan ONCE =
            new WalkPlan(0, AT_ONCE, 128, 1 << 20, 4, Blocks.PASSED, Bytes.EMPTY, Keeping.NONE);

    /// As the options of a scan say.
    public static WalkPlan of(Scan.Options options) {
        ByteSize ahead = options.readAhead();
        if (ahead == null)
            return new WalkPlan(
                    USUAL.singles,
                    USUAL.growth,
                    USUAL.blocksMax,
                    USUAL.bytesMax,
                    options.fetchesMax(),
                    options.blocks(),
                    Bytes.EMPTY,
                    Keeping.NONE);
        int singles = ahead.bytes() == 0 ? Integer.MAX_VALUE : 0;
        return new WalkPlan(
                singles,
                AT_ONCE,
                BLOCKS_MAX,
                ahead.bytes(),
                options.fetchesMax(),
                options.blocks(),
                Bytes.EMPTY,
                Keeping.NONE);
    }

    /// The same for keys that all begin with `prefix`.
    public WalkPlan within(Bytes prefix) {
        return new WalkPlan(
                singles, growth, blocksMax, bytesMax, piecesMax, blocks, prefix, keeping);
    }

    /// The same where some of what is passed stays in memory.
    public WalkPlan keeping(Keeping which) {
        return new WalkPlan(singles, growth, blocksMax, bytesMax, piecesMax, blocks, prefix, which);
    }

    /// Which blocks that a walk passes stay in memory. Thread-safe.
    public interface Keeping {
        /// None.
        Keeping NONE =
                new Keeping() {
                    @Override
                    public boolean mayKeep() {
                        return false;
                    }

                    @Override
                    public boolean keep(long bytes) {
                        return false;
                    }
                };

        /// True if a block more may stay.
        boolean mayKeep();

        /// Asked once of a block that takes so many bytes: true if it stays.
        boolean keep(long bytes);
    }
}
