package dev.holdfast.engine.wal;

import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayDeque;

/// Which durable log objects hold which commits: the one place that says from where a replay must
/// start.
///
/// Invariants:
/// 1. Ids are consecutive, last sequence numbers never fall.
/// 2. An object counts as covered by a sequence number only if every row in it is at or below that
///    number: a memtable that ends inside an object leaves that object to be replayed.
///
/// Not thread-safe.
final class WalIndex {
    private record Entry(long id, long lastSeq) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private Durable<Long> lastId;
    private long lastSeq;
    private long coveredId;

    /// @param replayAfter everything up to this object is in tables
    /// @param lastFlushedSeq the last commit in tables
    WalIndex(Durable<Long> replayAfter, long lastFlushedSeq) {
        lastId = replayAfter;
        coveredId = replayAfter.position();
        lastSeq = lastFlushedSeq;
    }

    /// The next object is durable, or was read back whole. `objectLastSeq` is its last commit, or
    /// lower for an object without rows that count.
    void add(Durable<Long> id, long objectLastSeq) {
        if (id.position() != lastId.position() + 1)
            throw new AssertionError("log object " + id + " follows " + lastId);
        lastId = id;
        lastSeq = Math.max(lastSeq, objectLastSeq);
        entries.add(new Entry(id.position(), lastSeq));
    }

    /// The position to publish once everything up to `seq` is in tables. Forgets what lies before.
    Durable<WalPosition> cover(long seq) {
        while (!entries.isEmpty() && entries.peek().lastSeq <= seq) coveredId = entries.poll().id;
        long covered = coveredId;
        return lastId.map(last -> new WalPosition(covered, last));
    }

    /// How many objects a replay would read now.
    int size() {
        return entries.size();
    }

    /// The last durable object.
    long lastId() {
        return lastId.position();
    }
}
