package dev.holdfast.engine.wal;

import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.lifecycle.durable.Durable;

/// Where committed batches become durable, in the order of their commits.
///
/// Invariants:
/// 1. What is durable is a prefix of the commits.
/// 2. A batch is durable whole or not at all.
///
/// Thread-safe, but for [#append].
public interface CommitLog {
    /// Takes the rows of the next commit. Called by one thread at a time, in commit order; never
    /// waits for the store.
    void append(BatchCursor rows, long seq, long createdAtMillis);

    /// Everything up to this commit is durable.
    long durableSeq();

    /// Waits until everything up to `seq` is durable, and has the log flushed for it. Throws
    /// `Unavailable` at the deadline, `Closed` if it can no longer happen.
    void awaitDurable(long seq, Deadline deadline) throws InterruptedException;

    /// What a manifest may say of the log once everything up to `seq` is in tables.
    Durable<WalPosition> cover(long seq);

    /// How many objects a replay would read now.
    int objectsToReplay();

    /// Objects put since this log was opened.
    long puts();

    /// Bytes put since this log was opened.
    long bytesPut();
}
