package dev.holdfast.engine.wal;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.memory.MemoryUse;
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
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The log in the object store: one object after another, each put only when the one before it is
/// known to be there.
///
/// An object is put when someone waits for a commit in it, when it is large enough, or when its
/// first commit has waited for [Settings#flushInterval]. While one put is under way commits gather
/// for the next, so the slower the store, the larger the objects.
///
/// Invariants:
/// 1. One put at a time, ids without a gap: an opener finds the end of the log by looking for the
///    first free id.
/// 2. `durableSeq` rises only when the object that holds it was confirmed, in commit order.
/// 3. A batch lies in one object.
/// 4. Once a put met another writer's object nothing becomes durable any more.
///
/// Thread-safe, but for [#append].
public final class RemoteWal implements CommitLog, Component {
    /// The name of the component and of its task: who waits for durability waits for it.
    public static final String NAME = "wal";

    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration LEAVING = Duration.ofMillis(200);

    private final Env env;
    private final Settings settings;
    private final WalPutter putter;
    private final Ending ending;
    private final Token token;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over a put
    private final WaitPoint work;
    private final WaitPoint durability;

    // All guarded by `guard`.
    private final ArrayDeque<WalSegment> sealed = new ArrayDeque<>();
    private final WalIndex index;
    private @Nullable WalSegment open;
    private Deadline openDue;
    private Deadline pacedUntil;
    private long appendedSeq;
    private long demandedSeq;
    private boolean isStopping;
    private boolean isLeaving;
    private @Nullable RuntimeException refusal;
    private long refusals;
    private long puts;
    private long bytesPut;

    private volatile long durableSeq;
    private volatile @Nullable Task putting;
    private volatile @Nullable MemoryAccount memory;
    private volatile Runnable onProgress = () -> {};

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
        openDue = Deadline.after(env, IDLE);
        pacedUntil = Deadline.after(env, Duration.ZERO);
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
            durableSeq = seq.position();
            durability.signalAll();
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
        guard.lock();
        try {
            if (isStopping || seq <= appendedSeq)
                throw new AssertionError("commit " + seq + " after " + appendedSeq);
            if (open == null) {
                open = putter.newSegment();
                openDue = Deadline.after(env, settings.flushInterval());
            }
            long before = open.bytes();
            open.add(rows, seq, createdAtMillis);
            book(open.bytes() - before);
            appendedSeq = seq;
            if (settings.walSizeMax().bytes() <= open.bytes()) seal();
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// Books what its objects take from now on in `memory`.
    public void bookIn(MemoryAccount memory) {
        this.memory = memory;
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
            isStopping = true;
            work.signalAll();
            durability.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void book(long bytes) {
        MemoryAccount account = memory;
        if (account != null) account.add(MemoryUse.LOG, bytes);
    }

    private void seal() {
        if (open == null) return;
        sealed.add(open);
        open = null;
    }

    @Override
    public void awaitDurable(long seq, Deadline deadline) throws InterruptedException {
        if (seq <= durableSeq) return;
        guard.lock();
        try {
            demandedSeq = Math.max(demandedSeq, seq);
            work.signalAll();
            long refusedBefore = refusals;
            durability.await(
                    () ->
                            seq <= durableSeq
                                    || ending.isReached()
                                    || isLeaving
                                    || refusals != refusedBefore,
                    deadline,
                    token);
            if (seq <= durableSeq) return;
            ending.check();
            throw new Unavailable(
                    "not durable yet, may still become so. seq=`%d`, durable=`%d`"
                            .formatted(seq, durableSeq),
                    refusals == refusedBefore ? null : refusal);
        } finally {
            guard.unlock();
        }
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
        if (task != null) task.join(isLeaving() ? leavingBy(context) : context.deadline());
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

    // A put that is under way is worth a moment, not more.
    private static Deadline leavingBy(StopContext context) {
        return context.deadline().atMost(LEAVING);
    }

    private boolean isLeaving() {
        guard.lock();
        try {
            return isLeaving;
        } finally {
            guard.unlock();
        }
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
        switch (putter.put(id, next.encode(), own, this::refused)) {
            case OURS -> confirmed(Durable.confirmed(id), next);
            case FOREIGN -> ending.fence("log object " + id + " is another writer's");
            case GIVEN_UP -> {
                return false;
            }
        }
        return true;
    }

    private @Nullable WalSegment nextToPut(Token own) throws InterruptedException {
        guard.lock();
        try {
            while (!ending.isReached() && !own.isCancelled() && !isLeaving) {
                boolean wasEmpty = isEmpty();
                boolean wasWanted = isWanted();
                if (wasEmpty && isStopping) return null;
                if (isDue()) return take();
                Deadline look = wasEmpty ? Deadline.after(env, IDLE) : whenDue();
                // Wanted at once makes it due sooner than `look`, but perhaps not yet.
                work.await(
                        () ->
                                isDue()
                                        || isStopping
                                        || isLeaving
                                        || wasEmpty != isEmpty()
                                        || wasWanted != isWanted(),
                        look,
                        own);
            }
            return null;
        } finally {
            guard.unlock();
        }
    }

    private boolean isEmpty() {
        return open == null && sealed.isEmpty();
    }

    private boolean isDue() {
        return !isEmpty() && whenDue().isExpired();
    }

    // Someone waits for it, or it is full: nothing but the pace holds it back.
    private boolean isWanted() {
        return !sealed.isEmpty() || durableSeq < demandedSeq;
    }

    private Deadline whenDue() {
        if (isStopping) return pacedUntil.atMost(Duration.ZERO);
        if (isWanted() || openDue.remainingNanos() < pacedUntil.remainingNanos()) return pacedUntil;
        return openDue;
    }

    private WalSegment take() {
        if (sealed.isEmpty()) seal();
        pacedUntil = Deadline.after(env, settings.walPutIntervalMin());
        return sealed.remove();
    }

    private void confirmed(Durable<Long> id, WalSegment segment) {
        guard.lock();
        try {
            index.add(id, segment.lastSeq());
            durableSeq = segment.lastSeq();
            puts++;
            bytesPut += segment.encodedBytes();
            durability.signalAll();
        } finally {
            guard.unlock();
        }
        book(-segment.bytesBooked());
        onProgress.run();
    }

    // The store will not take it until a person acts. Whoever waits is told at once; the put goes
    // on being tried.
    private void refused(RuntimeException cause) {
        guard.lock();
        try {
            refusal = cause;
            refusals++;
            durability.signalAll();
        } finally {
            guard.unlock();
        }
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
        guard.lock();
        try {
            return index.size();
        } finally {
            guard.unlock();
        }
    }

    @Override
    public long puts() {
        guard.lock();
        try {
            return puts;
        } finally {
            guard.unlock();
        }
    }

    @Override
    public long bytesPut() {
        guard.lock();
        try {
            return bytesPut;
        } finally {
            guard.unlock();
        }
    }
}
