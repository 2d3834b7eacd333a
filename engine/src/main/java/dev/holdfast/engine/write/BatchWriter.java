package dev.holdfast.engine.write;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.CommitHook;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.view.ReadSet;
import dev.holdfast.engine.wal.CommitLog;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Puts batches in order: number, log, apply, publish.
///
/// Invariants:
/// 1. Batches reach the log in the order of their sequence numbers, which have no gaps.
/// 2. A sequence number is visible only once its batch, and every batch before it, is in a
///    memtable.
/// 3. A batch that is refused leaves no trace; one that was logged and could not be applied ends
///    the instance.
/// 4. Nobody waits inside the order. Room is waited for before it, durability after it.
/// 5. While tables are adopted as one commit, no other is numbered: who comes meanwhile comes
///    again.
///
/// Thread-safe.
public final class BatchWriter {
    /// The largest batch, in its encoded form.
    public static final long BATCH_BYTES_MAX = 512L << 20;

    private final Env env;
    private final CommitLog log;
    private final Freezer freezer;
    private final BatchForm form;
    private final Backlog backlog;
    private final Ending ending;
    private final CommitQueue queue;
    private final RecentCommits recent = new RecentCommits();

    // Used inside the order only, but for reads of `applied`.
    private final ConflictStripes stripes = new ConflictStripes();
    private long lastTickMillis;
    private long grown; // by the present commit
    private boolean isTorn; // the present commit
    private volatile long applied;

    private final ReentrantLock guard = new ReentrantLock(); // held for moments
    private final WaitPoint release;
    private final Token token;
    private volatile @Nullable Adoption held; // written inside the order

    /// @param recovered where the commits so far end
    BatchWriter(WriteParts parts, Freezer freezer, BatchForm form, WriteSide.Recovered recovered) {
        env = parts.env();
        queue = new CommitQueue(env, this::mustWake);
        log = parts.log();
        this.freezer = freezer;
        this.form = form;
        backlog = parts.backlog();
        ending = parts.ending();
        applied = recovered.lastSeq();
        lastTickMillis = recovered.lastTickMillis();
        token = parts.token();
        release =
                new WaitPoint(guard, WaitKind.REMOTE, "tables to be adopted", MemtableFlusher.NAME);
        ending.listen(this::wake);
    }

    /// The last commit whose rows, and all rows before, are in a memtable or a table.
    public long applied() {
        return applied;
    }

    /// Somebody is about to take a view that commits may be checked against.
    public void keepConflicts() {
        stripes.keep();
    }

    /// What was committed lately, for transactions.
    public RecentCommits recent() {
        return recent;
    }

    /// Commits `batch` and returns its sequence number; the last applied one for an empty batch.
    ///
    /// Throws `Conflict` if a key in `basis` was committed since; `Unavailable` if there was no
    /// room until the deadline; `Invalid` if it cannot be committed as it stands. Whatever it
    /// throws but `Closed`, nothing was committed.
    public long write(
            WriteBatch batch, @Nullable ReadSet basis, @Nullable CommitHook hook, Deadline deadline)
            throws InterruptedException {
        return write(new Commit(batch, basis, hook), deadline);
    }

    /// Like the first [#write], without waiting for anything: empty, and nothing is committed, if a
    /// writer would be held up now. Throws what that throws, but for want of room.
    public OptionalLong writeAtOnce(
            WriteBatch batch, @Nullable ReadSet basis, @Nullable CommitHook hook) {
        var commit = new Commit(batch, basis, hook);
        ending.check();
        fit(commit);
        boolean mayPass = backlog.isFree() && log.hasRoom(commit.batch().bytes());
        if (!mayPass || !backlog.tryReserve(commit.reserved())) return OptionalLong.empty();
        if (queue.passAtOnce(commit, this::decide) && !commit.comesAgain())
            return OptionalLong.of(commit.outcome());
        backlog.correct(-commit.reserved());
        return OptionalLong.empty();
    }

    /// Commits the `batch` of a transaction if `terms` allow it, and returns its sequence number.
    ///
    /// Throws what `terms` throw, or `Unavailable` if there was no room until the deadline.
    /// Whatever it throws but `Closed`, nothing was committed.
    public long write(WriteBatch batch, CommitTerms terms, Deadline deadline)
            throws InterruptedException {
        return write(new Commit(batch, terms), deadline);
    }

    /// Commits `batch` as `options` say. Throws as the others do, and `Invalid` if its number is
    /// not above that of the last commit, if the log takes no such numbers, or if its time lies
    /// ahead.
    public WriteBatch.Committed write(
            WriteBatch batch, WriteBatch.Options options, Deadline deadline)
            throws InterruptedException {
        if (options.seq() != 0 && !log.takesGaps())
            throw new Invalid("a local log numbers commits itself", null);
        var commit = new Commit(batch, options);
        long seq = write(commit, deadline);
        return new WriteBatch.Committed(seq, Instant.ofEpochMilli(commit.createdAtMillis()));
    }

    /// Commits `batch`, waits until it is durable on this machine, and returns its sequence number.
    ///
    /// Throws as the others do. If it is committed but not durable at the deadline `Unavailable`,
    /// or `Closed` if it cannot become so any more.
    public long writeLocal(WriteBatch batch, Deadline deadline) throws InterruptedException {
        var commit = new Commit(batch, null, null);
        admit(commit, deadline);
        if (log.hasLocal() && !commit.batch().isEmpty()) passAsleep(commit, deadline);
        else queue.pass(commit, this::decide);
        long seq = decided(commit, deadline);
        log.awaitLocal(seq, deadline);
        return seq;
    }

    // Who does not lead sleeps at once, and is woken once: when its commit is durable.
    private void passAsleep(Commit commit, Deadline deadline) throws InterruptedException {
        commit.sleepUntilLocal();
        queue.join(commit);
        try {
            boolean hasPoint = true;
            while (hasPoint && !queue.hasDecided(commit, this::decide))
                hasPoint = log.awaitLocal(commit, deadline);
        } finally {
            queue.settle(commit, this::decide); // in moments, whatever became of its writer
        }
    }

    // Of who sleeps until its commit is durable the log knows. What was durable before it was
    // decided, the log could not tell.
    private boolean mustWake(Commit commit) {
        return !commit.isAwaited()
                || commit.isForItsWriter()
                || commit.committedSeq() <= log.localSeq();
    }

    private long write(Commit commit, Deadline deadline) throws InterruptedException {
        admit(commit, deadline);
        queue.pass(commit, this::decide);
        return decided(commit, deadline);
    }

    private void admit(Commit commit, Deadline deadline) throws InterruptedException {
        ending.check();
        fit(commit);
        backlog.slowDown(commit.reserved(), deadline);
        log.awaitRoom(commit.batch().bytes(), deadline);
        if (!backlog.tryReserve(commit.reserved())) stall(commit.reserved(), deadline);
        CommitTerms terms = commit.terms();
        if (terms != null) terms.lookAhead();
    }

    private void fit(Commit commit) {
        commit.becomes(form.folded(commit.batch()));
        requireFits(commit.batch());
        commit.reserve(roomFor(commit.batch()));
    }

    private long decided(Commit commit, Deadline deadline) throws InterruptedException {
        while (commit.comesAgain()) {
            awaitRelease(commit, deadline);
            queue.pass(commit, this::decide);
        }
        return commit.outcome();
    }

    private void awaitRelease(Commit commit, Deadline deadline) throws InterruptedException {
        boolean isFree = false;
        guard.lock();
        try {
            release.await(() -> held == null || ending.isReached(), deadline, token);
            ending.check();
            isFree = held == null;
            if (!isFree)
                throw new Unavailable("an ingest is being published, nothing was committed", null);
        } finally {
            guard.unlock();
            if (!isFree) backlog.correct(-commit.reserved());
        }
    }

    private void wake() {
        guard.lock();
        try {
            release.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// Freezes what was committed so far, and numbers no other commit until [#let]: the next one is
    /// `adoption`. Returns the last commit before it.
    ///
    /// Throws `Conflict` if its number is not above the last, `Unavailable` if another is held.
    long hold(Adoption adoption) {
        queue.inOrder(() -> {
            ending.check();
            if (held != null) throw new Unavailable("another ingest is being published", null);
            if (adoption.seq() <= applied)
                throw new Conflict(
                        "so much was committed that the number is taken. seq=`%d`, last=`%d`"
                                .formatted(adoption.seq(), applied));
            freezer.freeze(lastTickMillis);
            held = adoption;
        });
        return applied;
    }

    /// True while tables are on their way to become the next commit.
    public boolean isHeld() {
        return held != null;
    }

    /// Lets commits go on behind `adoption`, which is held: it is one of them if it is published.
    void let(Adoption adoption) {
        queue.inOrder(() -> {
            if (adoption.state() == Adoption.State.PUBLISHED) adopt(adoption);
            held = null;
        });
        wake();
    }

    /// Waits until `adoption` has ended. Throws `Unavailable` if it has not at the deadline.
    void awaitEnd(Adoption adoption, Deadline deadline) throws InterruptedException {
        guard.lock();
        try {
            release.await(() -> held != adoption || ending.isReached(), deadline, token);
            if (held != adoption) return;
            ending.check();
            throw new Unavailable("an ingest may be committed, nobody knows yet", null);
        } finally {
            guard.unlock();
        }
    }

    private void adopt(Adoption adoption) {
        lastTickMillis = Math.max(lastTickMillis, adoption.content().createdAtMillis());
        stripes.committedAny(adoption.seq());
        applied = adoption.seq();
        recent.committed(adoption.content().keys(), adoption.seq());
    }

    private void stall(long size, Deadline deadline) throws InterruptedException {
        try (var _ = backlog.stall(size)) {
            awaitRoom(size, deadline);
        }
    }

    // Each time anything has changed: if nothing is on its way into a table, what is active must
    // be. Where the memory shared with others is short, whoever has most was asked already.
    private void awaitRoom(long size, Deadline deadline) throws InterruptedException {
        boolean isReserved = false;
        while (!isReserved) {
            long seen = backlog.changes();
            if (backlog.isAtOwnLimit(size))
                queue.inOrder(() -> freezer.freezeForRoom(lastTickMillis));
            isReserved = backlog.reserve(size, seen, deadline);
        }
    }

    /// Freezes what was committed so far, and returns the last commit in it.
    public long freeze() {
        queue.inOrder(() -> freezer.freeze(lastTickMillis));
        return applied;
    }

    private static void requireFits(WriteBatch batch) {
        if (BATCH_BYTES_MAX < batch.bytes())
            throw new Invalid("batch too large. bytes=`" + batch.bytes() + "`", null);
    }

    private static long roomFor(WriteBatch batch) {
        return batch.isEmpty() ? 0 : Memtable.bytesAtMost(batch.rows(), batch.bytes());
    }

    // Whatever happens to a commit is told to its writer, so that the rest of the line goes on.
    private void decide(Commit commit) {
        if (held != null) {
            commit.turnAway();
            return;
        }
        grown = 0;
        isTorn = false;
        Throwable thrown = Task.attempt(() -> prepareAndApply(commit));
        if (thrown != null) tell(commit, thrown);
        backlog.correct(grown - commit.reserved());
    }

    private void tell(Commit commit, Throwable thrown) {
        boolean isOurs = isTorn || !(thrown instanceof RuntimeException);
        if (isOurs) ending.fail(thrown);
        boolean isPlain = !isOurs && ending.reason() != Closed.Reason.FAILED;
        commit.fail(isPlain && thrown instanceof RuntimeException told ? told : failed(thrown));
    }

    private void prepareAndApply(Commit commit) {
        refuseOrPrepare(commit);
        if (!commit.batch().isEmpty()) apply(commit);
        commit.succeed(applied);
        freezer.freezeIfFull(lastTickMillis);
    }

    private static Closed failed(Throwable cause) {
        return new Closed(Closed.Reason.FAILED, "the database failed: " + cause, cause);
    }

    private void refuseOrPrepare(Commit commit) {
        ending.check();
        CommitTerms terms = commit.terms();
        if (terms != null) terms.require();
        ReadSet basis = commit.basis();
        if (basis != null && stripes.hasChanged(basis))
            throw new Conflict("a key was written since it was read. basis=`" + basis.seq() + "`");
        CommitHook hook = commit.hook();
        if (hook == null) return;
        hook.beforeCommit(commit.batch());
        commit.becomes(form.folded(commit.batch()));
        requireFits(commit.batch());
    }

    private void apply(Commit commit) {
        WriteBatch given = commit.batch();
        Memtable active = activeWithRoomFor(given);
        long before = active.bytes();
        lastTickMillis = Math.max(lastTickMillis, env.currentTimeMillis());
        WriteBatch.Options options = commit.options();
        long seq = options == null ? applied + 1 : seqFor(options);
        long createdAt = options == null ? lastTickMillis : createdAtFor(options);
        commit.stampedAt(createdAt);
        WriteBatch batch = form.stamped(given, createdAt);
        isTorn = true; // from now on the log may hold what memory does not
        BatchCursor rows = batch.cursor();
        log(commit, rows, seq, createdAt);
        active.apply(rows.again(), seq, createdAt);
        stripes.committed(rows.again(), seq);
        isTorn = false;
        applied = seq;
        recent.committed(rows.again(), seq, commit.terms());
        grown = active.bytes() - before;
    }

    // A stop in haste does not wait for those that are on their way here.
    private void log(Commit commit, BatchCursor rows, long seq, long createdAt) {
        try {
            log.append(rows, seq, createdAt);
            if (commit.isAwaited()) log.demandLocal(seq);
        } catch (Closed stopped) {
            isTorn = false;
            throw stopped;
        }
    }

    private long seqFor(WriteBatch.Options options) {
        if (options.seq() == 0) return applied + 1;
        if (options.seq() <= applied)
            throw new Invalid(
                    "number not above the last. seq=`%d`, last=`%d`"
                            .formatted(options.seq(), applied),
                    null);
        return options.seq();
    }

    // One that lies ahead would make every later one lie ahead too.
    private long createdAtFor(WriteBatch.Options options) {
        Instant createdAt = options.createdAt();
        if (createdAt == null) return lastTickMillis;
        long millis = createdAt.toEpochMilli();
        if (millis < 0 || lastTickMillis < millis)
            throw new Invalid("creation time lies ahead. time=`" + createdAt + "`", null);
        return millis;
    }

    private Memtable activeWithRoomFor(WriteBatch batch) {
        if (!freezer.active().hasRoomFor(batch.rows(), batch.bytes()))
            freezer.freeze(lastTickMillis);
        Memtable active = freezer.active();
        if (!active.hasRoomFor(batch.rows(), batch.bytes()))
            throw new Invalid("batch too large for memory. bytes=`" + batch.bytes() + "`", null);
        return active;
    }
}
