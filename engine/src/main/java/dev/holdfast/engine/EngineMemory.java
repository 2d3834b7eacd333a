package dev.holdfast.engine;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.base.HeapRoom;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.cache.BlockRing;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.lifecycle.wait.Token;

/// The memory that databases share: memtables, decoded blocks, and what is on its way to or from
/// the store. Writers are slowed before it is spent, and stopped when it is.
///
/// What it does not count: the objects that make up open databases, and what one lookup reads.
/// Thread-safe; nothing has to be closed.
///
/// ```java
/// var memory = new EngineMemory(ByteSize.mebibytes(256));
/// HoldfastDb one = Engine.builder(store, "one").memory(memory).open();
/// HoldfastDb two = Engine.builder(store, "two").memory(memory).open();
/// ```
public final class EngineMemory {
    private static final ByteSize IN_ANOTHER_WORLD = ByteSize.gibibytes(1);

    private final MemoryBudget budget;
    private final BlockRing blocks;

    /// Who holds how much, in bytes.
    ///
    /// @param limit what may be held in all
    /// @param memtables rows not in tables yet
    /// @param log objects being filled or put
    /// @param inFlight tables being written, and what was fetched ahead
    /// @param blocks decoded blocks, which give way to all others
    public record Usage(long limit, long memtables, long log, long inFlight, long blocks) {
        /// All of it.
        public long total() {
            return memtables + log + inFlight + blocks;
        }
    }

    // One a process, made when first asked for; it is as large as it is told to be.
    private static final class OfProcess {
        private static final EngineMemory INSTANCE =
                new EngineMemory(ByteSize.bytes(HeapRoom.bytes() / 2));
    }

    /// A memory of `size`, for the databases that it is given to.
    public EngineMemory(ByteSize size) {
        budget = new MemoryBudget(size);
        blocks = new BlockRing(budget);
    }

    /// What the databases of this process share unless they are given another: half of the room
    /// that there is in the heap, until it is resized.
    public static EngineMemory ofProcess() {
        return OfProcess.INSTANCE;
    }

    // What runs in a simulated world must not depend on what else runs in this process.
    static EngineMemory ofWorld(Env env) {
        return env == Env.system() ? ofProcess() : new EngineMemory(IN_ANOTHER_WORLD);
    }

    /// Makes it larger or smaller. What is held beyond the new size goes as it can.
    public void resize(ByteSize size) {
        budget.resize(size);
    }

    /// What is held now.
    public Usage usage() {
        return new Usage(
                budget.limit(),
                budget.held(MemoryUse.MEMTABLES),
                budget.held(MemoryUse.LOG),
                budget.held(MemoryUse.FLUSH)
                        + budget.held(MemoryUse.COMPACTION)
                        + budget.held(MemoryUse.READ_AHEAD),
                budget.blocks());
    }

    BlockCache cacheFor(Settings settings, Env env, Token token) {
        return blocks.part(settings.blockCacheSize(), env, token);
    }
}
