package dev.holdfast.engine.transact;

import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.view.AppliedView;
import dev.holdfast.engine.write.RecentCommits.Link;
import org.jspecify.annotations.Nullable;

/// The right of one transaction to its moment: what it sees, and where in the chain of recent
/// commits it began. Taken back, it holds nothing any more, however long its transaction lies
/// around.
///
/// Guarded by [OpenTransactions], but for what is volatile.
final class Lease {
    /// Why a lease is over.
    enum End {
        /// Its transaction has committed, or was rolled back.
        GIVEN_BACK,
        /// It was open for too long.
        EXPIRED,
        /// The database has ended.
        CLOSED
    }

    private final long begunNanos;
    private final String beginner;
    private final long bytesBefore;
    private volatile @Nullable AppliedView seen;
    private volatile @Nullable Link began;
    private volatile @Nullable End end;

    /// Neighbours in the order of their beginnings.
    @Nullable Lease older;

    @Nullable Lease newer;

    Lease(long begunNanos, String beginner, Link began) {
        this.begunNanos = begunNanos;
        this.beginner = beginner;
        this.began = began;
        bytesBefore = began.bytesBefore();
    }

    /// What it sees, once it is known.
    void sees(AppliedView view) {
        seen = view;
    }

    /// What it sees; null once it has ended.
    @Nullable AppliedView seen() {
        return seen;
    }

    /// Where the chain ended when it began; null once it has ended, or if too much was committed
    /// since.
    @Nullable Link began() {
        return began;
    }

    /// Why it is over; null while it is not.
    @Nullable End end() {
        return end;
    }

    long begunNanos() {
        return begunNanos;
    }

    /// The thread that began it.
    String beginner() {
        return beginner;
    }

    /// Bytes of the chain before its beginning.
    long bytesBefore() {
        return bytesBefore;
    }

    /// What was committed since is kept no longer.
    void outrun() {
        began = null;
    }

    /// What tells that its time is over.
    Closed expired() {
        return new Closed(Closed.Reason.EXPIRED, "the transaction was open for too long", null);
    }

    void end(End why) {
        end = why;
        seen = null;
        began = null;
    }
}
