package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import java.time.Duration;

/// Reads of one moment and writes that commit as one, or not at all.
///
/// It reads the database as it stood when it began, with its own writes on top; nobody else sees
/// them before [#commit]. What others committed meanwhile is looked at then: `Conflict` says that
/// this one lost, and that nothing of it was committed.
///
/// ```java
/// try (Transaction transaction = db.begin(IsolationLevel.SERIALIZABLE)) {
///     Bytes balance = transaction.get(key);
///     if (balance != null) transaction.put(key, encode(decode(balance) - 10));
///     transaction.commit(Durability.REMOTE);
/// }
/// ```
///
/// It reads all that is committed, however durable: options of reads that ask for a durability are
/// `Invalid`, as what they leave out may be what the transaction missed.
///
/// Meant for one thread at a time. Close it: it holds memtables and tables alive. One that is open
/// for longer than [Limits#timeout] expires: its calls throw `Closed` with the reason `EXPIRED`.
/// After the database has been closed they throw `Closed` with that reason. Calls on one that has
/// committed or was rolled back throw `Invalid`.
public interface Transaction extends Reads, AutoCloseable {
    /// What it may not have missed.
    IsolationLevel isolationLevel();

    /// The sequence number of the last commit that it sees.
    long seq();

    /// Sets `key` to `value`, until [Settings.Rows#defaultTtl] is over, if there is one.
    default Transaction put(Bytes key, Bytes value) {
        return put(key, value, WriteBatch.Expiry.usual());
    }

    /// Sets `key` to `value` until `expiry`.
    Transaction put(Bytes key, Bytes value, WriteBatch.Expiry expiry);

    /// Merges `operand` into `key`, as the database's [MergeOperator] does it; nothing is read, so
    /// only other writes of `key` are conflicts: [#unmarkWrite] leaves them aside too.
    default Transaction merge(Bytes key, Bytes operand) {
        return merge(key, operand, WriteBatch.Expiry.usual());
    }

    /// Merges `operand` into `key` until `expiry`, by the rules of [WriteBatch#merge(Bytes, Bytes,
    /// WriteBatch.Expiry)].
    Transaction merge(Bytes key, Bytes operand, WriteBatch.Expiry expiry);

    /// Removes `key`.
    Transaction delete(Bytes key);

    /// Counts `key` as read, at either level: the commit is refused if it was written since this
    /// one began. So a transaction at `SNAPSHOT` guards what it must not miss.
    Transaction markRead(Bytes key);

    /// Takes a write of `key` out of the search for conflicts: neither this commit is refused
    /// because another wrote the key, nor later ones because this one did. It is written all the
    /// same. For keys whose order does not matter, such as counters that are merged.
    Transaction unmarkWrite(Bytes key);

    /// Commits what was written, and returns its sequence number once `durability` is reached.
    /// Without writes there is nothing to refuse: it returns [#seq] once all that was read is that
    /// durable.
    ///
    /// Throws `Conflict` if another won: nothing was committed, begin anew. Throws `Unavailable`
    /// either before anything was committed (there was no room: it is still open, and may be
    /// committed again) or because durability was not reached in time; then it **is** applied, and
    /// [#outcome] and [#committedSeq] say so: unknown is not failed. Throws `Closed` if the
    /// database ended; [#outcome] tells whether it may have been committed before.
    long commit(Durability durability);

    /// Commits at [Durability#REMOTE].
    default long commit() {
        return commit(Durability.REMOTE);
    }

    /// Forgets what was written. Does nothing if it is over already.
    void rollback();

    /// What has become of it.
    Outcome outcome();

    /// The sequence number of its commit; 0 unless [#outcome] is `COMMITTED`.
    long committedSeq();

    /// Rolls back what is still open.
    @Override
    void close();

    /// What has become of a transaction.
    enum Outcome {
        /// Nothing yet.
        OPEN,
        /// It is applied: everybody sees it. How durable it is, [Db#awaitDurable] knows.
        COMMITTED,
        /// Nobody ever sees anything of it.
        NOT_COMMITTED,
        /// The database ended while it was committed. Whoever opens the database next sees all of
        /// it or nothing.
        UNKNOWN
    }

    /// What is done in a transaction, and may have to be done again.
    @FunctionalInterface
    interface Body<T> {
        /// Reads and writes through `transaction`, which its caller commits. It may be called more
        /// than once, each time with a new transaction, so it does nothing else that counts.
        T run(Transaction transaction);
    }

    /// How much transactions may hold.
    ///
    /// @param timeout the longest that one stays open
    /// @param readsMax what one remembers of what it read; beyond that it takes neighbouring keys
    ///   for one range, which costs needless conflicts and never misses one
    /// @param recentMax keys of recent commits that are kept while transactions are open; one that
    ///   began before what is kept cannot commit writes any more: `Conflict`
    record Limits(Duration timeout, ByteSize readsMax, ByteSize recentMax) {
        public Limits {
            require(timeout.isPositive(), "timeout must be positive: %s", timeout);
            require(0 < readsMax.bytes(), "readsMax must be positive: %s", readsMax);
            require(0 < recentMax.bytes(), "recentMax must be positive: %s", recentMax);
        }

        /// Five minutes, far below the time that a replaced table stays readable.
        public static Limits defaults() {
            return new Limits(Duration.ofMinutes(5), ByteSize.mebibytes(4), ByteSize.mebibytes(16));
        }

        /// With another timeout.
        public Limits withTimeout(Duration timeout) {
            return new Limits(timeout, readsMax, recentMax);
        }

        /// With another bound of what one remembers.
        public Limits withReadsMax(ByteSize readsMax) {
            return new Limits(timeout, readsMax, recentMax);
        }

        /// With another bound of what is kept of recent commits.
        public Limits withRecentMax(ByteSize recentMax) {
            return new Limits(timeout, readsMax, recentMax);
        }
    }
}
