package dev.holdfast.engine.cache;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.filter.FilterTally;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.lifecycle.gate.Flight;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// One database's part of a [BlockRing]: its shelves, and what it took and found there.
///
/// Thread-safe. Closed with its database: what it held is free then.
public final class BlockCache implements AutoCloseable {
    // Far above what any store takes for a block; the load itself is bounded by the store.
    private static final Duration LOAD_MAX = Duration.ofSeconds(120);

    private final BlockRing ring;
    private final long sizeMax;
    private final Env env;
    private final Token token;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder aheadPieces = new LongAdder();
    private final LongAdder aheadBytes = new LongAdder();
    private final FilterTally filters = new FilterTally();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile long bytes; // written under the ring's clock

    BlockCache(BlockRing ring, ByteSize size, Env env, Token token) {
        this.ring = ring;
        this.sizeMax = size.bytes();
        this.env = env;
        this.token = token;
    }

    /// One that shares its memory with nobody, for values of at most `size` in all.
    public static BlockCache alone(ByteSize size, Env env) {
        var ring = new BlockRing(new MemoryBudget(ByteSize.bytes(Long.MAX_VALUE)));
        return ring.part(size, env, Token.standalone(env));
    }

    /// A shelf with `places` places, all empty, for values that take `sizeOf` bytes of memory.
    public <V> CacheShelf<V> shelf(int places, ToLongFunction<V> sizeOf) {
        return new CacheShelf<>(this, places, sizeOf);
    }

    /// What the memory that it is a part of may hold now, in bytes.
    public long roomInAll() {
        return ring.sizeMax();
    }

    /// What it adds to the size of the ring, in bytes.
    public long sizeMax() {
        return sizeMax;
    }

    /// What it holds, in bytes.
    public long bytes() {
        return bytes;
    }

    /// How often a value was found.
    public long hits() {
        return hits.sum();
    }

    /// How often a value had to be loaded.
    public long misses() {
        return misses.sum();
    }

    /// Several blocks, `stored` bytes of them, were fetched in one piece by a scan.
    public void countAhead(long stored) {
        aheadPieces.increment();
        aheadBytes.add(stored);
    }

    /// What it holds, and how often it had what was asked for.
    public DbStats.Blocks figures() {
        return new DbStats.Blocks(bytes, hits(), misses(), aheadPieces.sum(), aheadBytes.sum());
    }

    /// What the filters of the database's tables said.
    public FilterTally filters() {
        return filters;
    }

    /// The budget that its values are a part of.
    public MemoryBudget memory() {
        return ring.budget();
    }

    /// What ends the waits of whoever reads through it.
    public Token token() {
        return token;
    }

    /// Another part of the same memory, for work beside that of the database. Its owner closes it.
    public BlockCache sibling(ByteSize size) {
        return ring.part(size, env, token);
    }

    BlockRing ring() {
        return ring;
    }

    boolean isClosed() {
        return isClosed.get();
    }

    void countHit() {
        hits.increment();
    }

    void countMiss() {
        misses.increment();
    }

    @SuppressWarnings(
            "NonAtomicOperationOnVolatileField") // one writer at a time: the clock's holder
    void count(long more) {
        bytes += more;
    }

    /// What lands; null if the load ended without a value and without saying why.
    public <V> @Nullable V await(Flight<V> flight) {
        try {
            WaitResult result = flight.await(Deadline.after(env, LOAD_MAX), token);
            if (result == WaitResult.SATISFIED) return flight.value();
            throw new Unavailable("block not loaded in time: " + result, null);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) ring.leave(this);
    }
}
