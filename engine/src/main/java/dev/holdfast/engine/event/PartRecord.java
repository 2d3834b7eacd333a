package dev.holdfast.engine.event;

import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.DbStats;

/// What a flight recorder is told of one thread's work on one part of a compaction. Whoever works
/// closes it, however the work ends. Not thread-safe.
public final class PartRecord implements AutoCloseable {
    private final CompactionPartEvent event = new CompactionPartEvent();
    private final Ulid compaction;

    /// Work on part `part` of `compaction` begins.
    public PartRecord(Ulid compaction, int part) {
        this.compaction = compaction;
        event.part = part;
        event.outcome = "cut";
        event.begin();
    }

    /// A table of so many bytes was written.
    public void wrote(long bytes) {
        event.tablesWritten++;
        event.bytesWritten += bytes;
    }

    /// It went through all keys.
    public void done(DbStats.Rows rows) {
        event.rowsRead = rows.read();
        event.outcome = "done";
    }

    @Override
    public void close() {
        event.end();
        if (!event.shouldCommit()) return;
        event.id = compaction.toString();
        event.commit();
    }
}
