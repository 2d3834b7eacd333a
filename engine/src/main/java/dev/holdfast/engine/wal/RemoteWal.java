package dev.holdfast.engine.wal;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Locks;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.LocalStatus.Exposure;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.engine.memory.SteppedBooking;
import dev.holdfast.engine.ship.UploadScheduler;
import dev.holdfast.format.local.RecordHead;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The log in the object store: one object after another, each put only when the one before it is
/// known to be there.
///
/// An object is put when someone waits for a commit in it, when it is large enough, or when its
/// first commit has waited for [Settings#flushInterval]. While one put is under way commits gather
/// for the next, so the slower the store, the larger the objects.
///
/// Behind a local log, objects go through the scheduler of uploads and are kept back longer: what
/// tables in a published manifest hold by then is not put at all.
///
/// Invariants:
/// 1. One put at a time, ids without a gap: an opener finds the end of the log by looking for the
///    first free id.
/// 2. `durableSeq` rises only when the object that holds it was confirmed, in commit order, or when
///    a manifest was published whose tables hold everything up to it.
/// 3. A batch lies in one object.
/// 4. Once a put met another writer's object nothing becomes durable any more.
/// 5. An object begins at the latest with the commit behind `durableSeq`: log and published tables
///    together have no gap.
///
/// Thread-safe, but for [#append].
public final class RemoteWal implements CommitLog, Component {
    /// The name of the component and of its task: who waits for durability waits for it.
    public static final String NAME = "wal";

    private static final Duration LEAVING = Duration.ofMillis(100);

    private final Env env;
    private final Settings settings;
    private final WalPutter putter;
    private final Ending ending;
    private final Token token;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over a put
    private final WaitPoint work;
    private final WaitPoint durability;

    // All guarded by `guard`.
    private final WalBacklog backlog = new WalBacklog();
    private final WalIndex index;
    private final WalSchedule schedule;
    private final UnshippedBook unshipped = new UnshippedBook();
    private final SteppedBooking booking = new SteppedBooking(MemoryUse.LOG);
    private long takenSeq;
    private long appendedSeq;
    private boolean isLeaving;
    private @Nullable Throwable refusal;
    private long refusals;
    private long puts;
    private long bytesPut;

    private volatile long durableSeq;
    private volatile long unshippedBytes; // written under `guard`
    private volatile @Nullable Task putting;
    private @Nullable MemoryAccount memory;
    private volatile Runnable onProgress = () -> {};
    private volatile @Nullable WalShipping shipping;

    /// @param replayAfter everything in the log up to this object is in tables
    /// @param lastFlushedSeq the last commit in tables
    /// @param token of the database's scope: its abort ends every wait
    public RemoteWal(
            WalPutter putter,
            Durable<Long> replayAfter,
            long lastFlushedSeq,
            Ending ending,
            Token token) {
        this.env = putter.env();
        this.settings = putter.settings();
        this.putter = putter;
        this.ending = ending;
        this.token = token;
        index = new WalIndex(replayAfter, lastFlushedSeq);
        appendedSeq = lastFlushedSeq;
        durableSeq = lastFlushedSeq;
        schedule = new WalSchedule(env, settings, backlog, () -> durableSeq);
        work = new WaitPoint(guard, WaitKind.IDLE, "commits to log", "writers");
        durability = new WaitPoint(guard, WaitKind.DURABILITY, "the log to be durable", NAME);
        ending.listen(this::wakeAll);
    }

    /// The commit `seq` was read back from an object of the log. In commit order, before the first
    /// [#append].
    public void replayedCommit(Durable<Long> seq) {
        guard.lock();
        try {
            appendedSeq = seq.position();
            rise(seq.position()); // tables of an earlier life may have been published meanwhile
        } finally {
            guard.unlock();
        }
    }

    /// The whole object `id` was read back, a fence or one whose last commit is `lastSeq`. In the
    /// order of ids, before the first [#append].
    public void replayedObject(Durable<Long> id, long lastSeq) {
        guard.lock();
        try {
            index.add(id, lastSeq);
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void append(BatchCursor rows, long seq, long createdAtMillis) {
        Locks.lockSoon(guard);
        try {
            if (schedule.isStopping())
                throw new Closed(Closed.Reason.CLEAN, "the database is being closed", null);
            if (seq <= appendedSeq)
                throw new AssertionError("commit " + seq + " after " + appendedSeq);
            WalShipping behind = shipping;
            if (behind != null) atRisk(seq, rows, createdAtMillis);
            boolean isCut = seq != appendedSeq + 1;
            if (isCut) seal();
            boolean isFirst = backlog.open() == null;
            WalSegment open = openSegment();
            long before = open.bytes();
            open.add(rows, seq, createdAtMillis);
            booking.take(open.bytes() - before);
            appendedSeq = seq;
            boolean isFull = sizeMax() <= open.bytes();
            if (isFull) seal();
            if (isFirst || isCut || isFull) work.signalAll(); // others change nothing that is due
        } finally {
            guard.unlock();
        }
    }

    // Where memory is small, so are the objects, that some may be filled while others are put.
    private long sizeMax() {
        MemoryAccount account = memory;
        long usual = settings.walSizeMax().bytes();
        return account == null ? usual : Math.min(usual, account.budget().limit() / 16);
    }

    private WalSegment openSegment() {
        WalSegment open = backlog.open();
        if (open != null) return open;
        WalShipping behind = shipping;
        Duration interval = behind == null ? settings.flushInterval() : behind.interval();
        WalSegment next = putter.newSegment(Deadline.after(env, interval));
        backlog.begin(next);
        return next;
    }

    private void atRisk(long seq, BatchCursor rows, long createdAtMillis) {
        long bytes = RecordHead.spaceFor(rows.encoded().length());
        unshipped.add(seq, bytes, committedAtNanos(createdAtMillis));
        unshippedBytes = unshipped.bytes();
    }

    // A commit that is replayed has been at risk since its first life.
    private long committedAtNanos(long createdAtMillis) {
        long millis = Math.max(0, env.currentTimeMillis() - createdAtMillis);
        return env.nanoTime() - Duration.ofMillis(millis).toNanos();
    }

    /// Has its objects sent by `uploads` from now on, and kept back for up to `interval`: a log on
    /// this machine has every commit before it comes here. Before anything else.
    public void shipBy(UploadScheduler uploads, Duration interval) {
        var made = new WalShipping(putter, uploads, interval);
        shipping = made;
        schedule.keepBack();
        made.onRefusal(() -> refused(made.refusal()));
    }

    /// What was appended so far and what comes next are in different tables.
    @Override
    public void cut() {
        if (shipping == null) return;
        guard.lock();
        try {
            seal();
        } finally {
            guard.unlock();
        }
    }

    /// What is in published tables is not put any more.
    @Override
    public void published(long seq) {
        WalShipping behind = shipping;
        Runnable freed;
        guard.lock();
        try {
            if (seq <= durableSeq) return;
            appendedSeq = Math.max(appendedSeq, seq);
            if (behind != null && takenSeq <= seq) behind.cancelUntried();
            WalSegment open = backlog.open();
            if (open != null && open.lastSeq() <= seq) seal();
            freed = booking.release(backlog.dropUpTo(seq, 0));
            rise(seq);
            work.signalAll();
        } finally {
            guard.unlock();
        }
        freed.run();
        onProgress.run();
    }

    // Rows that tables on this machine have need no second place in memory.
    @Override
    public void keptInTables(long seq) {
        if (shipping == null) return;
        Runnable freed;
        guard.lock();
        try {
            freed = booking.release(backlog.dropUpTo(seq, WalSchedule.KEPT_BACK_MAX));
        } finally {
            guard.unlock();
        }
        freed.run();
    }

    private void rise(long seq) {
        durableSeq = Math.max(durableSeq, seq);
        unshipped.shipped(durableSeq);
        unshippedBytes = unshipped.bytes();
        durability.signalAll();
    }

    /// What the object store does not have yet: never less than the truth.
    public Exposure exposure() {
        guard.lock();
        try {
            long age = unshipped.ageNanos(env.nanoTime());
            return new Exposure(unshipped.bytes(), Duration.ofNanos(age));
        } finally {
            guard.unlock();
        }
    }

    /// Bytes of rows that the object store does not have.
    public long unshippedBytes() {
        return unshippedBytes;
    }

    /// How long it has been without the oldest of them.
    public Duration unshippedAge() {
        return exposure().age();
    }

    /// Commits that were not put, as published tables had them first.
    public long commitsElided() {
        return asked(() -> backlog.commitsElided());
    }

    /// Ships what was appended so far without further delay.
    public void hurry() {
        guard.lock();
        try {
            schedule.demand(appendedSeq);
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// What keeps commits from being shipped, in words.
    public String whatBlocks() {
        WalShipping behind = shipping;
        return behind == null ? "" : behind.oldest();
    }

    /// Books what its objects take from now on in `memory`.
    public void bookIn(MemoryAccount memory) {
        guard.lock();
        try {
            this.memory = memory;
            booking.bookIn(memory);
        } finally {
            guard.unlock();
        }
    }

    /// Has `listener` called whenever more is durable. It must be quick.
    public void onProgress(Runnable listener) {
        onProgress = listener;
    }

    /// Puts nothing any more: what is missing is durable on this machine, and is for the next start
    /// to ship. Who waits for it is told `Unavailable`.
    public void leave() {
        guard.lock();
        try {
            isLeaving = true;
            schedule.stop();
            work.signalAll();
            durability.signalAll();
        } finally {
            guard.unlock();
        }
        WalShipping behind = shipping;
        if (behind != null) behind.leave();
    }

    private void seal() {
        if (backlog.seal()) unshipped.cut();
    }

    @Override
    public void awaitDurable(long seq, Deadline deadline) throws InterruptedException {
        if (seq <= durableSeq) return;
        guard.lock();
        try {
            schedule.demand(seq);
            work.signalAll();
            long refusedBefore = refusals;
            durability.await(
                    () ->
                            seq <= durableSeq
                                    || ending.isReached()
                                    || isLeaving
                                    || isRefused()
                                    || refusals != refusedBefore,
                    deadline,
                    token);
            if (seq <= durableSeq) return;
            ending.check();
            throw new Unavailable(
                    "not durable yet, may still become so. seq=`%d`, durable=`%d`"
                            .formatted(seq, durableSeq),
                    refusals == refusedBefore && !isRefused() ? null : refusal);
        } finally {
            guard.unlock();
        }
    }

    private boolean isRefused() {
        WalShipping behind = shipping;
        return behind != null && behind.refusal() != null;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> requires() {
        return Set.of("store");
    }

    @Override
    public Set<String> feeds() {
        return shipping == null ? Set.of() : Set.of(UploadScheduler.NAME);
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.PERSIST);
    }

    @Override
    public void start(StartContext context) {
        Token own = context.token();
        putting = context.fork(NAME, ending.guarding(() -> putUntilStopped(own)));
    }

    /// What was committed is put, or counted in the report.
    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        stopWhenEmpty();
        Task task = putting;
        if (task != null) join(task, context);
        guard.lock();
        try {
            context.durable("log object", String.valueOf(index.lastId()));
            context.durable("commit", String.valueOf(durableSeq));
            long missing = appendedSeq - durableSeq;
            return missing == 0
                    ? Outcome.done("log objects put", puts)
                    : Outcome.cut("commits not in the log", missing);
        } finally {
            guard.unlock();
        }
    }

    private void join(Task task, StopContext context) throws InterruptedException {
        boolean isOver = task.join(isLeaving() ? leavingBy(context) : context.deadline());
        WalShipping behind = shipping;
        if (isOver || behind == null) return;
        behind.giveUp();
        task.join(leavingBy(context));
    }

    // A put that is under way is worth a moment, not more.
    private static Deadline leavingBy(StopContext context) {
        return context.deadline().atMost(LEAVING);
    }

    private boolean isLeaving() {
        return asked(() -> isLeaving ? 1 : 0) == 1;
    }

    private void putUntilStopped(Token own) throws InterruptedException {
        while (hasPutNext(own)) {}
    }

    // A method of its own, so that a thread that waits does not hold on to what it put last. False
    // at the end.
    private boolean hasPutNext(Token own) throws InterruptedException {
        WalSegment next = nextToPut(own);
        if (next == null) return false;
        long id = index.lastId() + 1; // nobody else adds to the index once the task runs
        WalShipping behind = shipping;
        WalPutter.Outcome outcome =
                behind == null
                        ? putter.put(id, next.encode(), own, this::refused)
                        : behind.put(id, next.encode(), own);
        switch (outcome) {
            case OURS -> confirmed(Durable.confirmed(id), next);
            case FOREIGN -> ending.fence("log object " + id + " is another writer's");
            case GIVEN_UP -> {
                return false;
            }
            case UNTRIED -> {
                return isElided(next);
            }
        }
        return true;
    }

    // False if it was given up for another reason.
    private boolean isElided(WalSegment segment) {
        Runnable freed;
        guard.lock(); // whoever cancelled it holds this until it has said why
        try {
            if (durableSeq < segment.lastSeq()) return false;
            freed = booking.release(backlog.elided(segment));
        } finally {
            guard.unlock();
        }
        freed.run();
        return true;
    }

    private @Nullable WalSegment nextToPut(Token own) throws InterruptedException {
        guard.lock();
        try {
            while (!ending.isReached() && !own.isCancelled() && !isLeaving) {
                if (schedule.isOver()) return null;
                if (schedule.isDue()) return take();
                WalSchedule.Look seen = schedule.look();
                // Wanted at once makes it due sooner than the next look, but perhaps not yet.
                work.await(
                        () ->
                                schedule.isDue()
                                        || schedule.isStopping()
                                        || isLeaving
                                        || !seen.equals(schedule.look()),
                        schedule.nextLook(),
                        own);
            }
            return null;
        } finally {
            guard.unlock();
        }
    }

    private WalSegment take() {
        if (backlog.sealed() == 0) seal();
        WalSegment next = schedule.take();
        takenSeq = next.lastSeq();
        return next;
    }

    private void confirmed(Durable<Long> id, WalSegment segment) {
        Runnable freed;
        guard.lock();
        try {
            index.add(id, segment.lastSeq());
            rise(segment.lastSeq());
            puts++;
            bytesPut += segment.encodedBytes();
            freed = booking.release(segment.bytes());
        } finally {
            guard.unlock();
        }
        freed.run();
        onProgress.run();
    }

    // The store will not take it until a person acts. Whoever waits is told at once; the put goes
    // on being tried.
    private void refused(@Nullable Throwable cause) {
        guard.lock();
        try {
            if (cause != null) refusal = cause;
            refusals++;
            durability.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void stopWhenEmpty() {
        guard.lock();
        try {
            schedule.stop();
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void wakeAll() {
        guard.lock();
        try {
            work.signalAll();
            durability.signalAll();
        } finally {
            guard.unlock();
        }
    }

    @Override
    public long durableSeq() {
        return durableSeq;
    }

    @Override
    public Durable<WalPosition> cover(long seq) {
        guard.lock();
        try {
            return index.cover(seq);
        } finally {
            guard.unlock();
        }
    }

    @Override
    public int objectsToReplay() {
        return (int) asked(index::size);
    }

    @Override
    public long puts() {
        return asked(() -> puts);
    }

    @Override
    public long bytesPut() {
        return asked(() -> bytesPut);
    }

    private long asked(LongSupplier what) {
        guard.lock();
        try {
            return what.getAsLong();
        } finally {
            guard.unlock();
        }
    }
}
