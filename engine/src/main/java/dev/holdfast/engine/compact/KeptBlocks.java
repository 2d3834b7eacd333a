package dev.holdfast.engine.compact;

import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.WalkPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// What stays in memory of the tables that one attempt at a compaction makes, while they are read
/// back: as many bytes of blocks as there were of its sources, which nobody will ask for any more.
///
/// Thread-safe: parts share it.
final class KeptBlocks {
    private static final int PART_OF_TABLE = 64; // index and filter for less are too much

    private final ShownTables shown;
    private final AtomicLong left; // bytes
    private final ReentrantLock guard = new ReentrantLock(); // held for moments
    private final List<SstReader> tables = new ArrayList<>(); // guarded by guard

    /// @param bytes how many are kept
    KeptBlocks(ShownTables shown, long bytes) {
        this.shown = shown;
        left = new AtomicLong(bytes);
    }

    /// True if so much is left that it is worth it for a table of so many bytes.
    boolean hasRoom(long tableBytes) {
        return 0 < left.get() && tableBytes / PART_OF_TABLE <= left.get();
    }

    /// How a table is read so that some of it stays.
    WalkPlan plan() {
        return WalkPlan.ONCE.keeping(bytes -> 0 <= left.addAndGet(-bytes));
    }

    /// Takes what is in memory of `table`, which is as it should be.
    void take(SstReader table) {
        SstReader next = shown.open(table.view());
        next.takeOver(table);
        guard.lock();
        try {
            tables.add(next);
        } finally {
            guard.unlock();
        }
    }

    /// Those of which something was taken, as they are to be shown.
    List<SstReader> tables() {
        guard.lock();
        try {
            return List.copyOf(tables);
        } finally {
            guard.unlock();
        }
    }

    /// Nobody will show them: gives back the memory.
    void forget() {
        tables().forEach(SstReader::forget);
    }
}
