package dev.holdfast.engine.tier;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Locks;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus.Exposure;
import dev.holdfast.engine.api.LocalStatus.HeldUp;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.engine.memory.SteppedBooking;
import dev.holdfast.engine.ship.UploadScheduler;
import dev.holdfast.engine.wal.CommitLog;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.engine.wal.PendingCommit;
import dev.holdfast.engine.wal.RemoteWal;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitLine;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The log on the local disk, and the one in the object store that follows it.
///
/// Every commit is handed to both. One task takes all commits that wait, writes them as one group
/// and forces once: then they are durable on this machine. What the object store has counts as
/// durable here too, whatever the disk does.
///
/// Invariants:
/// 1. `localSeq` rises only by a force that succeeded or by what the object store confirmed, in
///    commit order; it never lies below what the object store has.
/// 2. What a failed force may have covered is written again to another segment before it counts.
/// 3. While the disk takes nothing no commit is numbered: what was is still shipped.
///
/// Thread-safe, but for [#append].
public final class LocalLog implements CommitLog, Component {
    /// The name of the component and of its task: who waits for local durability waits for it.
    public static final String NAME = "local-log";

    private static final System.Logger LOG = System.getLogger(LocalLog.class.getName());
    private static final long GROUP_BYTES_MAX = 8L << 20;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration RETRY_FIRST = Duration.ofMillis(250);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(10);

    private final Env env;
    private final LocalSettings settings;
    private final RemoteWal remote;
    private final ShippingLimit limit;
    private final Ending ending;
    private final Token token;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over I/O
    private final WaitPoint work;
    private final WaitLine durability;
    private final WaitPoint room;

    // All guarded by `guard`.
    private final ArrayDeque<LocalRecord> pending = new ArrayDeque<>();
    private final Gathering gathering;
    private final SteppedBooking booking = new SteppedBooking(MemoryUse.LOG);
    private Deadline pendingDue;
    private volatile long pendingBytes; // of those being written too; written under `guard`
    private volatile long appendedSeq; // written under `guard`
    private long groups;
    private boolean isHeldBack; // the committer waits for more commits
    private volatile boolean isStopping; // written under `guard`

    private final AtomicLong demandedSeq = new AtomicLong();
    private volatile boolean isWaitingForDemand; // written under `guard`
    private volatile boolean isWhole;
    private volatile long forcedSeq;
    private volatile @Nullable DiskException failure;
    private volatile @Nullable Task committing;
    private volatile @Nullable LogWriter writer; // used by the committer alone

    /// @param token of the database's scope: its abort ends every wait
    public LocalLog(LocalSettings settings, RemoteWal remote, Env env, Ending ending, Token token) {
        this.settings = settings;
        this.remote = remote;
        this.env = env;
        this.ending = ending;
        this.token = token;
        limit = new ShippingLimit(settings.shipping(), remote, env, ending, token);
        pendingDue = Deadline.after(env, IDLE);
        gathering = new Gathering(env);
        work = new WaitPoint(guard, WaitKind.IDLE, "commits to force", "writers");
        durability = new WaitLine(WaitKind.DURABILITY, "the local log to be durable", NAME);
        room = new WaitPoint(guard, WaitKind.CAPACITY, "room in the local log", NAME);
        ending.listen(this::wakeAll);
        remote.onProgress(this::shipped);
    }

    /// Books what waits to be forced from now on in `memory`.
    public void bookIn(MemoryAccount memory) {
        guard.lock();
        try {
            booking.bookIn(memory);
        } finally {
            guard.unlock();
        }
    }

    /// Has the log in the object store follow through `uploads`. Before anything else.
    public void shipBy(UploadScheduler uploads) {
        remote.shipBy(uploads, settings.shipping().interval());
    }

    /// Leaves no commit out of the log in the object store: tables wait for it. Before anything
    /// else.
    public void keepWhole() {
        isWhole = true;
    }

    /// The first commit comes behind `seq`, and goes to `writer`. Once, before the first [#append].
    void begin(long seq, LogWriter logWriter) {
        guard.lock();
        try {
            appendedSeq = seq;
            forcedSeq = seq;
            writer = logWriter;
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void append(BatchCursor rows, long seq, long createdAtMillis) {
        if (isStopping) throw new Closed(Closed.Reason.CLEAN, "the database is being closed", null);
        var commit = new LocalRecord(seq, createdAtMillis, rows.encoded());
        remote.append(rows, seq, createdAtMillis);
        Locks.lockSoon(guard);
        try {
            // Both logs take it, though a stop may begin between: its report counts it.
            if (seq != appendedSeq + 1)
                throw new AssertionError("commit " + seq + " after " + appendedSeq);
            boolean isFirst = pending.isEmpty();
            if (isFirst) pendingDue = Deadline.after(env, settings.forceInterval());
            pending.add(commit);
            gathering.came(pending.size());
            appendedSeq = seq;
            addPending(commit.bytes());
            booking.take(commit.bytes());
            if (isHeldBack && isGathered()) letGo();
            if (!isHeldBack && (isFirst || isDue())) work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    // The committer itself looks at the time.
    private boolean isGathered() {
        return GROUP_BYTES_MAX <= pendingBytes || gathering.isComplete(pending.size());
    }

    // From now on the first who waits for a commit wakes the committer.
    private void letGo() {
        isHeldBack = false;
        isWaitingForDemand = true;
    }

    // Guarded by `guard`.
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void addPending(long bytes) {
        pendingBytes += bytes;
    }

    @Override
    public boolean hasRoom(long bytes) {
        return limit.isFree() && failure == null && fits(bytes);
    }

    @Override
    public void awaitRoom(long bytes, Deadline deadline) throws InterruptedException {
        limit.await(deadline);
        if (failure == null && fits(bytes)) return;
        guard.lock();
        try {
            room.await(() -> fits(bytes) || failure != null || ending.isReached(), deadline, token);
            ending.check();
            DiskException broken = failure;
            if (broken != null)
                throw new Unavailable(
                        "read-only: the local log takes nothing. forced=`%d`: %s"
                                .formatted(forcedSeq, broken.getMessage()),
                        broken);
            if (!fits(bytes))
                throw new Unavailable(
                        "the local disk is slow, nothing was committed. unforced bytes=`%d`"
                                .formatted(pendingBytes),
                        null);
        } finally {
            guard.unlock();
        }
    }

    private boolean fits(long bytes) {
        return pendingBytes == 0 || pendingBytes + bytes <= settings.bufferMax().bytes();
    }

    @Override
    public long localSeq() {
        return Math.max(forcedSeq, remote.durableSeq());
    }

    @Override
    public void awaitLocal(long seq, Deadline deadline) throws InterruptedException {
        if (seq <= localSeq()) return;
        demandLocal(seq);
        durability.await(
                () -> seq <= localSeq() || failure != null || ending.isReached(), deadline, token);
        if (seq <= localSeq()) return;
        ending.check();
        // The disk takes nothing any more: the object store still may.
        if (failure != null) remote.awaitDurable(seq, deadline);
        else
            throw new Unavailable(
                    "not durable on this machine yet, may still become so. seq=`%d`, durable=`%d`"
                            .formatted(seq, localSeq()),
                    null);
    }

    @Override
    public boolean whenLocal(long seq, Runnable then) {
        durability.whenTrue(() -> seq <= localSeq(), then);
        return true;
    }

    @Override
    public boolean hasLocal() {
        return true;
    }

    @Override
    public boolean awaitLocal(PendingCommit commit, Deadline deadline) throws InterruptedException {
        durability.await(
                () -> isOver(commit) || failure != null || ending.isReached(), deadline, token);
        return isOver(commit);
    }

    private boolean isOver(PendingCommit commit) {
        long seq = commit.committedSeq();
        return (seq != 0 && seq <= localSeq()) || commit.isForItsWriter();
    }

    // It is forced as soon as the disk is free. The committer looks at what is demanded after it
    // was said that it waits, and here it is the other way round.
    @Override
    public void demandLocal(long seq) {
        if (demandedSeq.accumulateAndGet(seq, Math::max) != seq || !isWaitingForDemand) return;
        Locks.lockSoon(guard);
        try {
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void awaitDurable(long seq, Deadline deadline) throws InterruptedException {
        remote.awaitDurable(seq, deadline);
    }

    @Override
    public void awaitFlushable(long seq, Deadline deadline) throws InterruptedException {
        awaitLocal(seq, deadline);
        if (isWhole) remote.awaitDurable(seq, deadline);
    }

    @Override
    public void cut() {
        remote.cut();
    }

    @Override
    public void keptInTables(long seq) {
        if (!isWhole) remote.keptInTables(seq);
    }

    @Override
    public void published(long seq) {
        remote.published(seq);
        guard.lock();
        try {
            appendedSeq = Math.max(appendedSeq, seq);
        } finally {
            guard.unlock();
        }
    }

    @Override
    public boolean leave(Deadline deadline) throws InterruptedException {
        demandLocal(appendedSeq);
        durability.await(
                () -> appendedSeq <= localSeq() || failure != null || ending.isReached(),
                deadline,
                token);
        if (localSeq() < appendedSeq) return false;
        remote.leave();
        return true;
    }

    // A record counts only if its number follows on the one before, or on published tables.
    @Override
    public boolean takesGaps() {
        return false;
    }

    @Override
    public long durableSeq() {
        return remote.durableSeq();
    }

    @Override
    public Durable<WalPosition> cover(long seq) {
        return remote.cover(seq);
    }

    @Override
    public int objectsToReplay() {
        return remote.objectsToReplay();
    }

    @Override
    public long puts() {
        return remote.puts();
    }

    @Override
    public long bytesPut() {
        return remote.bytesPut();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> requires() {
        return Set.of("store", SegmentKeeper.NAME);
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.PERSIST);
    }

    @Override
    public void start(StartContext context) {
        Token own = context.token();
        committing = context.forkBusy(NAME, ending.guarding(() -> commitUntilStopped(own)));
    }

    /// What was committed is forced, or counted in the report.
    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        stopWhenEmpty();
        Task task = committing;
        if (task != null) task.join(context.deadline());
        guard.lock();
        try {
            context.durable("commit on the local disk", String.valueOf(forcedSeq));
            long missing = appendedSeq - localSeq();
            return missing <= 0
                    ? Outcome.done("groups forced", groups)
                    : Outcome.cut("commits not on the local disk", missing);
        } finally {
            guard.unlock();
        }
    }

    private void commitUntilStopped(Token own) throws InterruptedException {
        while (hasForcedNext(own)) {}
    }

    // A method of its own, so that a thread that waits does not hold on to what it wrote last.
    // False at the end.
    private boolean hasForcedNext(Token own) throws InterruptedException {
        List<LocalRecord> group = nextGroup(own);
        if (group == null) return false;
        LogWriter open = writer;
        if (open == null) throw new AssertionError("commits before the log began");
        return isWritten(open, group, own);
    }

    // False if a stop ends the attempts.
    private boolean isWritten(LogWriter open, List<LocalRecord> group, Token own)
            throws InterruptedException {
        var backoff = new Backoff(env, RETRY_FIRST, RETRY_LONGEST);
        while (!own.isCancelled()) {
            try {
                long begun = env.nanoTime();
                forced(open.commit(group), group, env.nanoTime() - begun);
                return true;
            } catch (DiskException broken) {
                failed(broken);
            }
            if (isStopping || ending.isReached()) return false;
            own.pause(backoff.next());
        }
        return false;
    }

    private @Nullable List<LocalRecord> nextGroup(Token own) throws InterruptedException {
        guard.lock();
        try {
            while (!own.isCancelled() && !ending.isReached()) {
                if (isReady()) return takeGroup();
                if (isStopping) return null;
                awaitReady(own);
            }
            return null;
        } finally {
            guard.unlock();
        }
    }

    // While more commits are likely to come nobody wakes the committer: writers need the processor.
    private void awaitReady(Token own) throws InterruptedException {
        boolean wasEmpty = pending.isEmpty();
        boolean wasHeldBack = isGathering();
        Deadline end = wasEmpty ? Deadline.after(env, IDLE) : pendingDue;
        isHeldBack = wasHeldBack;
        isWaitingForDemand = !wasHeldBack;
        work.await(
                () ->
                        isReady()
                                || isStopping
                                || ending.isReached()
                                || !wasHeldBack && wasEmpty != pending.isEmpty(),
                wasHeldBack ? gathering.until() : end,
                own);
        isHeldBack = false;
        isWaitingForDemand = false;
    }

    private boolean isReady() {
        return isDue() && !isGathering();
    }

    private boolean isDue() {
        if (pending.isEmpty()) return false;
        return forcedSeq < demandedSeq.get()
                || isStopping
                || GROUP_BYTES_MAX <= pendingBytes
                || pendingDue.isExpired();
    }

    private boolean isGathering() {
        return !isStopping
                && !ending.isReached()
                && pendingBytes < GROUP_BYTES_MAX
                && gathering.isWorthIt(pending.size());
    }

    private List<LocalRecord> takeGroup() {
        var group = new ArrayList<LocalRecord>();
        long bytes = 0;
        while (!pending.isEmpty() && (group.isEmpty() || bytes < GROUP_BYTES_MAX)) {
            if (!group.isEmpty() && pending.peek().seq() != group.getLast().seq() + 1) break;
            LocalRecord next = pending.remove();
            group.add(next);
            bytes += next.bytes();
        }
        if (!pending.isEmpty()) pendingDue = Deadline.after(env, Duration.ZERO);
        return group;
    }

    private void forced(Durable<Long> seq, List<LocalRecord> group, long nanos) {
        long bytes = LocalRecord.bytes(group);
        boolean wasBroken = failure != null;
        Runnable freed;
        guard.lock();
        try {
            forcedSeq = seq.position();
            failure = null;
            groups++;
            addPending(-bytes);
            freed = booking.release(bytes);
            gathering.forced(group.size(), pending.size(), nanos);
            room.signalAll();
        } finally {
            guard.unlock();
        }
        freed.run();
        durability.signalAll();
        if (wasBroken)
            LOG.log(System.Logger.Level.INFO, "the local log goes on. forced=`{0}`", seq);
    }

    private void failed(DiskException broken) {
        if (failure == null)
            LOG.log(
                    System.Logger.Level.ERROR,
                    "read-only: the local log takes nothing. forced=`{0}`: {1}",
                    forcedSeq,
                    broken.getMessage());
        guard.lock();
        try {
            failure = broken;
            room.signalAll();
        } finally {
            guard.unlock();
        }
        durability.signalAll();
    }

    // The object store has more than before.
    private void shipped() {
        durability.signalAll();
        limit.shipped();
    }

    private void stopWhenEmpty() {
        guard.lock();
        try {
            isStopping = true;
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void wakeAll() {
        guard.lock();
        try {
            work.signalAll();
            room.signalAll();
        } finally {
            guard.unlock();
        }
        durability.signalAll();
    }

    /// True while its task may still write to the disk.
    boolean isCommitting() {
        Task task = committing;
        return task != null && !task.isDone();
    }

    /// Why the disk takes nothing; null if it does.
    @Nullable DiskException failure() {
        return failure;
    }

    /// Up to which commit it was forced.
    long forcedSeq() {
        return forcedSeq;
    }

    /// What an earlier life left was taken over: writers may come.
    void limit() {
        limit.begin();
    }

    /// Writers that were held up, as the object store is behind.
    HeldUp heldUp() {
        return limit.heldUp();
    }

    /// What was kept out of the log in the object store, as published tables have it.
    long commitsElided() {
        return remote.commitsElided();
    }

    /// How many forces made commits durable.
    long groups() {
        guard.lock();
        try {
            return groups;
        } finally {
            guard.unlock();
        }
    }

    /// What the object store does not have yet: never less than the truth.
    public Exposure exposure() {
        return remote.exposure();
    }
}
