package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A database opened for reading and writing: one writer at a time, on one object store.
///
/// Thread-safe. Every call that may wait is bounded by a deadline, given or from [Settings]. Reads
/// see every commit that was applied; a caller who must not show what a crash can take back waits
/// with [#awaitDurable] for what it saw.
public interface Db extends Reads, AutoCloseable {
    /// Commits `batch` as one: all of it or nothing, at one sequence number, which is returned once
    /// `durability` is reached. An empty batch commits nothing and returns the last applied number.
    ///
    /// Throws `Unavailable` if memory stayed full for [Settings#writeTimeout] (nothing was
    /// committed), or if durability was not reached in that time (the batch **is** applied and may
    /// become durable: unknown is not failed).
    long write(WriteBatch batch, Durability durability);

    /// Merges one operand at [Durability#REMOTE]; nothing is read. Throws `Invalid` if the database
    /// was opened without a [MergeOperator].
    default long merge(Bytes key, Bytes operand) {
        return write(new WriteBatch().merge(key, operand), Durability.REMOTE);
    }

    /// Like [#write] at [Durability#MEMORY], but only if none of the keys that were read by `get`
    /// through `basis` was written since; otherwise throws `Conflict` and commits nothing. May take
    /// an untouched key for a touched one, never the reverse. `hook`, if given, has the last word
    /// on the batch.
    long writeIfUnchanged(ReadView basis, WriteBatch batch, @Nullable CommitHook hook);

    /// Begins a transaction on the database as it stands now.
    Transaction begin(IsolationLevel level);

    /// Runs `body` in a transaction, commits it at `durability` and returns what `body` returned.
    /// Where another transaction wins it begins anew, a bounded number of times, then throws the
    /// `Conflict`. Nothing else is repeated: after `Unavailable` the commit may be applied.
    ///
    /// ```
    /// db.transact(IsolationLevel.SERIALIZABLE, Durability.REMOTE, transaction -> {
    ///     transaction.put(to, raised(transaction.get(to)));
    ///     return transaction.put(from, lowered(transaction.get(from)));
    /// });
    /// ```
    <T> T transact(IsolationLevel level, Durability durability, Transaction.Body<T> body);

    /// Commits `batch` as [#write] does, with a word on its number and its time, and tells both.
    ///
    /// ```java
    /// long seq = db.commit(batch, WriteBatch.Options.of(Durability.LOCAL)).seq();
    /// ```
    default WriteBatch.Committed commit(WriteBatch batch, WriteBatch.Options options) {
        throw new StorageException.Invalid("this database knows no options", null);
    }

    /// Commits `batch` before it returns, as [#commit] does; the future completes once the
    /// durability is reached, or with what [#commit] would have thrown then. What keeps the batch
    /// from being committed is the future's failure too.
    ///
    /// Bounded: `Unavailable`, and nothing is committed, if too many futures wait. What is composed
    /// with it runs on a thread of its own.
    default CompletableFuture<WriteBatch.Committed> commitAsync(
            WriteBatch batch, WriteBatch.Options options) {
        throw new StorageException.Invalid("this database knows no options", null);
    }

    /// Commits one pair at [Durability#REMOTE].
    default long put(Bytes key, Bytes value) {
        return write(new WriteBatch().put(key, value), Durability.REMOTE);
    }

    /// Commits the removal of one key at [Durability#REMOTE].
    default long delete(Bytes key) {
        return write(new WriteBatch().delete(key), Durability.REMOTE);
    }

    /// The database as it stands now.
    ReadView view();

    /// The database as it stood at one commit, kept readable whatever is written, flushed and
    /// compacted meanwhile, until it is closed or its time is up.
    ///
    /// A view holds memory, and is for one command; a snapshot holds old versions in the tables,
    /// and may be held for long. It does not outlive the process: a checkpoint does.
    ///
    /// ```java
    /// try (Db.Snapshot snapshot = db.snapshot("report", Duration.ofMinutes(10))) {
    ///     try (Scan orders = snapshot.scan(KeyRange.prefix(Bytes.utf8("order/")))) { ... }
    /// }
    /// ```
    interface Snapshot extends Reads, AutoCloseable {
        /// The last commit that it shows.
        long seq();

        /// How long it still holds; reads throw `Closed` with the reason `EXPIRED` then.
        Duration remaining();

        @Override
        void close();
    }

    /// The database as it stands now, kept readable for `lifetime`, at most
    /// [Settings.Rows#snapshotLifetimeMax]. `name` says in [#stats] who keeps old versions. Throws
    /// `Unavailable` if too many are open.
    default Snapshot snapshot(String name, Duration lifetime) {
        throw new StorageException.Invalid("this database keeps no snapshots", null);
    }

    /// The database as it stood at commit `seq`, a past one. Throws `Invalid` if what it showed may
    /// be gone: that is certain to be there only from the last flush on, or while a snapshot of it,
    /// or of an older commit, is open.
    default Snapshot snapshotAt(long seq, String name, Duration lifetime) {
        throw new StorageException.Invalid("this database keeps no snapshots", null);
    }

    /// How far commits have come.
    Watermarks watermarks();

    /// Waits until everything up to `seq` has reached `durability`, at most `timeout`; asks for a
    /// flush of the log if none is under way. Throws `Unavailable` when the time is up, `Closed` if
    /// it can no longer happen.
    void awaitDurable(long seq, Durability durability, Duration timeout)
            throws InterruptedException;

    /// Makes all that was committed before the call remote durable, in the log.
    void flush();

    /// Writes all that was committed before the call into tables and publishes them in the
    /// manifest.
    void flushMemtables();

    /// Figures of the moment.
    DbStats stats();

    /// Closes in order with [Settings#closeTimeout]: everything committed is made durable and
    /// published. Throws `Unavailable` if the time did not suffice to make all of it durable, in
    /// the store or in the local log; the database is closed all the same.
    @Override
    void close();
}
