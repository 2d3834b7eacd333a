package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import java.time.Duration;
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
