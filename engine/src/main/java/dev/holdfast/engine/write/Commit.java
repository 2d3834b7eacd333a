package dev.holdfast.engine.write;

import dev.holdfast.engine.api.CommitHook;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.view.ReadSet;
import dev.holdfast.engine.wal.PendingCommit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One batch on its way through the commit order: made by its writer, decided by whoever leads.
///
/// What was decided is published by [#isDecided]: written before, read after.
final class Commit implements PendingCommit {
    private WriteBatch batch;
    private final @Nullable ReadSet basis;
    private final @Nullable CommitHook hook;
    private final @Nullable CommitTerms terms;
    private final WriteBatch.@Nullable Options options;
    private final Thread writer = Thread.currentThread();
    private long createdAtMillis;
    private long reserved;
    private long seq;
    private @Nullable RuntimeException failure;
    private boolean isTurnedAway;
    private volatile boolean isAwaited;
    private volatile boolean isDecided;
    private volatile boolean isCalled;

    /// The commit that came before it into the queue; owned by [CommitQueue].
    @Nullable Commit older;

    Commit(WriteBatch batch, @Nullable ReadSet basis, @Nullable CommitHook hook) {
        this.batch = batch;
        this.basis = basis;
        this.hook = hook;
        terms = null;
        options = null;
    }

    Commit(WriteBatch batch, WriteBatch.Options options) {
        this.batch = batch;
        this.options = options;
        basis = null;
        hook = null;
        terms = null;
    }

    Commit(WriteBatch batch, CommitTerms terms) {
        this.batch = batch;
        this.terms = terms;
        basis = null;
        hook = null;
        options = null;
    }

    WriteBatch batch() {
        return batch;
    }

    /// A hook has changed it.
    void becomes(WriteBatch changed) {
        batch = changed;
    }

    /// What must not have changed; null if anything may.
    @Nullable ReadSet basis() {
        return basis;
    }

    @Nullable CommitHook hook() {
        return hook;
    }

    /// What it asks of others, if it is that of a transaction.
    @Nullable CommitTerms terms() {
        return terms;
    }

    /// What it says on its number and its time; null if nothing.
    WriteBatch.@Nullable Options options() {
        return options;
    }

    /// The time that its rows tell, once it is decided.
    long createdAtMillis() {
        return createdAtMillis;
    }

    void stampedAt(long millis) {
        createdAtMillis = millis;
    }

    /// Bytes of the backlog that were set aside for it.
    long reserved() {
        return reserved;
    }

    void reserve(long bytes) {
        reserved = bytes;
    }

    /// Its writer will sleep until it is durable on this machine. Before it joins the line.
    void sleepUntilLocal() {
        isAwaited = true;
    }

    /// Its writer is to be woken as soon as it is decided. Said before it looks whether it is.
    void sleepUntilDecided() {
        isAwaited = false;
    }

    /// True if its writer sleeps, or is about to, until it is durable on this machine.
    boolean isAwaited() {
        return isAwaited;
    }

    /// Wakes its writer, to lead those who wait.
    void call() {
        isCalled = true;
        wake();
    }

    /// Its writer has heard the call.
    void answer() {
        isCalled = false;
    }

    /// Wakes its writer, unless that is the calling thread.
    void wake() {
        if (writer != Thread.currentThread()) LockSupport.unpark(writer);
    }

    @Override
    public long committedSeq() {
        return isDecided && failure == null && !isTurnedAway ? seq : 0;
    }

    @Override
    public boolean isForItsWriter() {
        return isCalled || isDecided && (failure != null || isTurnedAway);
    }

    /// It is to come again later: nothing was decided.
    void turnAway() {
        isTurnedAway = true;
        isDecided = true;
    }

    /// True if it is to come again, which it may at once.
    boolean comesAgain() {
        boolean wasTurnedAway = isTurnedAway;
        if (wasTurnedAway) isDecided = false;
        isTurnedAway = false;
        return wasTurnedAway;
    }

    void succeed(long committedSeq) {
        seq = committedSeq;
        isDecided = true;
    }

    void fail(RuntimeException cause) {
        failure = cause;
        isDecided = true;
    }

    boolean isDecided() {
        return isDecided;
    }

    /// Its sequence number, or what became of it instead.
    long outcome() {
        RuntimeException cause = failure;
        if (cause != null) throw cause;
        return seq;
    }
}
