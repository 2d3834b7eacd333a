package dev.holdfast.engine.table;

import dev.holdfast.format.block.Block;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Blocks of one piece, as they came from the store.
///
/// @param blocks by their number in the table; null for one that is to be read by itself
/// @param bytes what they hold in memory
record FetchedBlocks(IntFunction<@Nullable Block> blocks, long bytes) {
    @Nullable Block block(int number) {
        return blocks.apply(number);
    }
}
