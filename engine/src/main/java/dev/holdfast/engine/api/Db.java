package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A database opened for reading and writing: one writer at a time, on one object store.
///
/// Thread-safe. Every call that may wait is bounded by a deadline, given or from [Settings]. Reads
/// see every commit that was applied; a caller who must not show what a crash can take back waits
/// with [#awaitDurable] for what it saw.
///
/// ```java
/// try (Db opened = Engine.open("s3://bucket/db", Settings.defaults())) {
///     opened.put(Bytes.utf8("fruit/apple"), Bytes.utf8("red"));
///     opened.delete(Bytes.utf8("fruit/fig"));
/// }
/// ```
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

    /// Like [#writeIfUnchanged], for a thread that must not wait: the number of the commit; or
    /// empty, and nothing is committed, if a writer would have to wait now, or always, where a
    /// database offers nothing of the kind. Throws what the other throws, but for want of room. May
    /// still take some milliseconds, where it puts rows in order.
    default OptionalLong writeIfUnchangedAtOnce(
            ReadView basis, WriteBatch batch, @Nullable CommitHook hook) {
        return OptionalLong.empty();
    }

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

    /// The most rows that [#deleteRange] removes as one commit.
    int DELETE_ROWS_MAX = 100_000;

    /// Removes every key that is shown in `range` as one commit at [Durability#REMOTE], and returns
    /// how many there were: readers see all of them or none, and nothing that others commit
    /// meanwhile is removed unseen. Each key gets a tombstone of its own, which every reader of the
    /// format knows; what they cover goes with compactions.
    ///
    /// Throws `Invalid` if there are more than [#DELETE_ROWS_MAX], and nothing was removed then:
    /// [#deleteInSteps] does it. `Conflict` if others kept writing there.
    default long deleteRange(KeyRange range) {
        return transact(
                IsolationLevel.SERIALIZABLE,
                Durability.REMOTE,
                transaction -> {
                    List<Bytes> keys = new ArrayList<>();
                    try (Scan scan = transaction.scan(range)) {
                        while (scan.next()) {
                            if (keys.size() == DELETE_ROWS_MAX)
                                throw new StorageException.Invalid(
                                        "too many rows to remove as one commit. max=`%d`"
                                                .formatted(DELETE_ROWS_MAX),
                                        null);
                            keys.add(Bytes.copyOf(scan.key().toArray()));
                        }
                    }
                    keys.forEach(transaction::delete);
                    return (long) keys.size();
                });
    }

    /// Removes the first `rowsMax` keys of `range`, each step a commit of its own and so not
    /// atomic: readers may see some of the range removed and others not yet. Returns the key to go
    /// on from with the next call, and null once nothing was left. Repeated after a crash, it goes
    /// on.
    ///
    /// ```java
    /// for (Bytes at = start; at != null; )
    ///     at = db.deleteInSteps(KeyRange.of(at, end), 10_000);
    /// ```
    default @Nullable Bytes deleteInSteps(KeyRange range, int rowsMax) {
        require(0 < rowsMax && rowsMax <= DELETE_ROWS_MAX, "rowsMax out of range: %d", rowsMax);
        return transact(
                IsolationLevel.SERIALIZABLE,
                Durability.REMOTE,
                transaction -> {
                    List<Bytes> keys = new ArrayList<>();
                    Bytes next = null;
                    try (Scan scan = transaction.scan(range)) {
                        while (next == null && scan.next()) {
                            Bytes key = Bytes.copyOf(scan.key().toArray());
                            if (keys.size() < rowsMax) keys.add(key);
                            else next = key;
                        }
                    }
                    keys.forEach(transaction::delete);
                    return next;
                });
    }

    /// Begins to take many rows in key order, which become one commit. One at a time: throws
    /// `Unavailable` while another is open.
    default Ingest ingest(Ingest.Options options) {
        throw new StorageException.Invalid("this database takes no ingests", null);
    }

    /// Many rows in key order on their way into the database, past its log and its memory: they are
    /// written to tables of the object store as they come, and become one commit at the end.
    ///
    /// Nobody sees any of them before the commit, and everybody all of them after it; what was
    /// committed meanwhile lies before it. Other commits wait while it is published, for about two
    /// requests to the store. Whatever is given up or cut short leaves tables that nothing names,
    /// which a collector takes.
    ///
    /// ```java
    /// try (Db.Ingest ingest = db.ingest(Db.Ingest.Options.defaults())) {
    ///     for (var row : sorted.entrySet()) ingest.put(row.getKey(), row.getValue());
    ///     ingest.commit();
    /// }
    /// ```
    ///
    /// One thread at a time. What throws `Unavailable` may be called again as it was.
    interface Ingest extends AutoCloseable {
        /// Sets `key` to `value`, until [Settings.Rows#defaultTtl] is over, if there is one. Throws
        /// `Invalid` unless `key` lies behind the one before.
        default void put(Bytes key, Bytes value) {
            put(key, value, WriteBatch.Expiry.usual());
        }

        /// Sets `key` to `value` until `expiry`, counted from the beginning of the ingest.
        void put(Bytes key, Bytes value, WriteBatch.Expiry expiry);

        /// Removes `key`.
        void delete(Bytes key);

        /// Makes everything one commit, and returns once it is durable in the object store; a later
        /// call returns the same.
        ///
        /// Throws `Unavailable` if that was not done in [Settings#writeTimeout]: the message says
        /// whether nothing was committed or nobody knows yet. `Conflict` if so much was committed
        /// since the beginning that its number is taken, or if it took longer than
        /// [Options#within]: begin anew.
        Done commit();

        /// Gives up what was not committed.
        @Override
        void close();

        /// How it is done.
        ///
        /// @param tableSize about how large its tables become, and how much memory it takes
        /// @param within the longest time from its beginning to its commit: for so long collectors
        ///   leave its tables alone
        record Options(ByteSize tableSize, Duration within) {
            private static final Duration WITHIN_MAX = Duration.ofHours(24);

            public Options {
                long bytes = tableSize.bytes();
                require(64 <= bytes && bytes <= 1L << 30, "tableSize out of range: %s", tableSize);
                require(
                        within.isPositive() && within.compareTo(WITHIN_MAX) <= 0,
                        "within out of range: %s",
                        within);
            }

            /// Tables of 64 MiB, within an hour.
            public static Options defaults() {
                return new Options(ByteSize.mebibytes(64), Duration.ofHours(1));
            }

            /// The same with other tables.
            public Options withTableSize(ByteSize tableSize) {
                return new Options(tableSize, within);
            }

            /// The same with another time.
            public Options withWithin(Duration within) {
                return new Options(tableSize, within);
            }
        }

        /// What became of it.
        ///
        /// @param seq the number of its commit; that of the last commit if there were no rows
        /// @param bytes of its tables, as stored
        record Done(long seq, long rows, int tables, long bytes) {}
    }

    /// How far commits have come.
    Watermarks watermarks();

    /// Waits until everything up to `seq` has reached `durability`, at most `timeout`; asks for a
    /// flush of the log if none is under way. Throws `Unavailable` when the time is up, `Closed` if
    /// it can no longer happen.
    void awaitDurable(long seq, Durability durability, Duration timeout)
            throws InterruptedException;

    /// Has everything up to `seq` become durable on this machine soon, as if somebody waited for it
    /// at [Durability#LOCAL], and returns at once. Without a local log this does nothing.
    default void hastenLocal(long seq) {}

    /// Has `then` done once, soon after everything up to `seq` is durable on this machine: by the
    /// thread that makes it so, perhaps before this returns, or here if it is durable already.
    /// False without a local log: then `then` is never done.
    ///
    /// `then` must be quick and must not wait: the next force waits for it. What it throws is
    /// logged. It cannot be taken back, and is never done if `seq` does not become durable here:
    /// who has to learn of that waits, too.
    default boolean whenLocal(long seq, Runnable then) {
        return false;
    }

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
