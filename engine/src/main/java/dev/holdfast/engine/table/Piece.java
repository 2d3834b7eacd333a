package dev.holdfast.engine.table;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.memory.Lease;
import dev.holdfast.format.block.Block;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Flight;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Blocks that lie side by side in a table and are fetched together, with the memory they take.
///
/// Fetched by one thread, used by another. Whoever walks closes it; the memory is given back then,
/// or when the fetch is over, whichever comes last.
final class Piece implements AutoCloseable {
    private final int from;
    private final int count;
    private final Lease lease;
    private final Flight<@Nullable FetchedBlocks> flight =
            new Flight<>("blocks of a table", "store");
    private final AtomicBoolean isFetched = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    Piece(int from, int count, Lease lease) {
        this.from = from;
        this.count = count;
        this.lease = lease;
    }

    boolean contains(int number) {
        return from <= number && number < from + count;
    }

    /// The lowest number of its blocks.
    int from() {
        return from;
    }

    /// The number after its highest.
    int end() {
        return from + count;
    }

    /// Fetches it, once. What goes wrong is met by whoever comes to use it.
    void fetch(Supplier<FetchedBlocks> blocks) {
        Throwable broken = Task.attempt(() -> land(blocks.get()));
        if (broken instanceof StorageException failure) flight.fail(failure);
        else flight.land(null);
        isFetched.set(true);
        if (isClosed.get()) lease.close();
    }

    private void land(FetchedBlocks fetched) {
        lease.resize(fetched.bytes());
        flight.land(fetched);
    }

    /// The block, once it is there; null if it is to be read by itself.
    @Nullable Block block(int number, BlockCache cache) {
        FetchedBlocks fetched = cache.await(flight);
        return fetched == null ? null : fetched.block(number);
    }

    @Override
    public void close() {
        isClosed.set(true);
        if (isFetched.get()) lease.close();
    }
}
