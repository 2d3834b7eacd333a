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
    /// waits for the store. Throws `Closed` if it takes nothing any more: then it took nothing.
    void append(BatchCursor rows, long seq, long createdAtMillis);

    /// Waits for room for a commit of `bytes` bytes, before it is numbered. Throws `Unavailable` if
    /// there is none until the deadline, or if the log takes no commits just now.
    default void awaitRoom(long bytes, Deadline deadline) throws InterruptedException {}

    /// True if a commit of `bytes` bytes need not wait for room now.
    default boolean hasRoom(long bytes) {
        return true;
    }

    /// True if the numbers of commits may leave others out.
    default boolean takesGaps() {
        return true;
    }

    /// Everything up to this commit is in the object store.
    long durableSeq();

    /// Everything up to this commit is durable on this machine, or in the object store.
    default long localSeq() {
        return durableSeq();
    }

    /// Waits as [#awaitDurable] does, but for [#localSeq].
    default void awaitLocal(long seq, Deadline deadline) throws InterruptedException {
        awaitDurable(seq, deadline);
    }

    /// True if commits are durable on this machine sooner than in the object store.
    default boolean hasLocal() {
        return false;
    }

    /// Has `seq`, which was appended, made durable on this machine soon. Never waits.
    default void demandLocal(long seq) {}

    /// Has `then` done once, soon after `seq` is durable on this machine: by the thread that makes
    /// it so, or here if it is. Never, if it does not become so. False if this log does nothing of
    /// the kind.
    ///
    /// `then` must be quick and must not wait; what it throws is logged.
    default boolean whenLocal(long seq, Runnable then) {
        return false;
    }

    /// Waits until `commit` is durable on this machine, or is for its writer to look at. False if
    /// neither came true and waiting has no point: at the deadline, or if the log has failed or
    /// ended. Only with [#hasLocal].
    ///
    /// Whoever decides the commit first calls [#demandLocal], and wakes its writer's thread if it
    /// then is durable already, or is for its writer: nobody else may do so.
    default boolean awaitLocal(PendingCommit commit, Deadline deadline)
            throws InterruptedException {
        throw new UnsupportedOperationException("a log without a local one");
    }

    /// Waits until everything up to `seq` is in the object store, and has the log flushed for it.
    /// Throws `Unavailable` at the deadline, `Closed` if it can no longer happen.
    void awaitDurable(long seq, Deadline deadline) throws InterruptedException;

    /// What was appended so far and what comes next are in different tables.
    default void cut() {}

    /// Waits until tables may hold everything up to `seq`: with a log on this machine that is once
    /// it has all of it, else once the object store has.
    default void awaitFlushable(long seq, Deadline deadline) throws InterruptedException {
        awaitDurable(seq, deadline);
    }

    /// Everything up to `seq` is in tables on the disk of this machine, on their way to the object
    /// store: the log may leave it to them. In commit order.
    default void keptInTables(long seq) {}

    /// A manifest that names tables with everything up to `seq` was published. If that is above the
    /// last commit that was appended, those tables never were in the log, and the next commit is
    /// above it too.
    default void published(long seq) {}

    /// Asks to leave what the object store does not have yet to the next start: true if all of it
    /// is durable on this machine, and then nothing more is put. False for a log that has no other
    /// place.
    default boolean leave(Deadline deadline) throws InterruptedException {
        return false;
    }

    /// What a manifest may say of the log once everything up to `seq` is in tables.
    Durable<WalPosition> cover(long seq);

    /// How many objects a replay would read now.
    int objectsToReplay();

    /// Objects put since this log was opened.
    long puts();

    /// Bytes put since this log was opened.
    long bytesPut();
}
