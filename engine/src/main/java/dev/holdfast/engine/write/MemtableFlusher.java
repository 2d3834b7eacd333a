package dev.holdfast.engine.write;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats.Flushes;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.SstHalves;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.tier.LocalTables;
import dev.holdfast.engine.view.SnapshotPins;
import dev.holdfast.engine.wal.CommitLog;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.engine.wal.RemoteWal;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes frozen memtables to L0, oldest first: to the store, or to the local disk, from where
/// [TableShipper] takes them.
///
/// Invariants:
/// 1. One flush at a time, so tables enter the manifest, or the local list, in the order of their
///    commits.
/// 2. A table enters the manifest only after everything in it is durable in the log, and after the
///    table itself is durable. On the local disk both are durable there.
/// 3. A flush that fails is tried again: until it succeeds its rows stay in memory and in the log.
///
/// Thread-safe.
final class MemtableFlusher implements Component {
    /// The name of the component and of its task: who waits for room or a flush waits for it.
    static final String NAME = "memtable-flusher";

    private static final System.Logger LOG = System.getLogger(MemtableFlusher.class.getName());
    static final Duration ATTEMPT = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration LEAVING = Duration.ofMillis(200);
    private static final Duration PAUSE_FIRST = Duration.ofMillis(20);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(5);

    private final Env env;
    private final CommitLog log;
    private final Backlog backlog;
    private final Ending ending;
    private final Token token;
    private final LiveManifest live;
    private final PlaceInL0 placeInL0;
    private final @Nullable LocalTables local;
    private final Flush.Tools tools;
    private final @Nullable SegmentRules segments;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint work;
    private final WaitPoint flushed;

    private volatile @Nullable Task flushing;
    private volatile boolean isAskedToFreeze; // written under `guard`
    private volatile boolean isLeaving;
    private volatile Runnable freezeActive = () -> {};

    // All guarded by `guard`.
    private final ArrayDeque<FrozenMemtable> frozen = new ArrayDeque<>();
    private @Nullable Adoption adoption; // comes behind all that is frozen
    private long flushedSeq;
    private long flushes;
    private long bytesFlushed;
    private long failures;
    private boolean isStopping;
    private @Nullable RuntimeException lastFailure;

    /// Where tables go.
    ///
    /// @param pins what readers of the past still need
    /// @param local takes tables first; null if they go to the store at once
    /// @param segments how keys are cut into segments; null if they are not
    record Place(
            SstWriter writer,
            LiveManifest live,
            PlaceInL0 placeInL0,
            SnapshotPins pins,
            @Nullable LocalTables local,
            @Nullable SegmentRules segments) {}

    /// @param operator combines merged rows; null if they stay as they are
    MemtableFlusher(WriteParts parts, Place place, @Nullable MergeOperator operator) {
        env = parts.env();
        log = parts.log();
        backlog = parts.backlog();
        ending = parts.ending();
        token = parts.token();
        segments = place.segments();
        live = place.live();
        placeInL0 = place.placeInL0();
        local = place.local();
        tools = new Flush.Tools(parts, place, operator, new SstHalves(place.writer(), env));
        flushedSeq = live.current().manifest().lastL0Seq();
        work = new WaitPoint(guard, WaitKind.IDLE, "a memtable to flush", "writers");
        flushed = new WaitPoint(guard, WaitKind.DURABILITY, "memtables to be in tables", NAME);
        ending.listen(this::wakeAll);
        live.onChange(this::wakeAll);
    }

    /// Takes the next memtable: newer than all taken before, and in the view's list of frozen ones.
    void enqueue(FrozenMemtable next) {
        guard.lock();
        try {
            frozen.add(next);
            work.signalAll();
        } finally {
            guard.unlock();
        }
        placeInL0.lookAgain();
    }

    /// Takes tables that come right behind all memtables taken so far.
    void enqueue(Adoption next) {
        guard.lock();
        try {
            adoption = next;
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private @Nullable Adoption takeAdoption() {
        guard.lock();
        try {
            Adoption taken = adoption;
            adoption = null;
            return taken;
        } finally {
            guard.unlock();
        }
    }

    /// Waits until everything up to `seq`, all of it frozen, is in tables that the manifest names.
    void awaitFlushed(long seq, Deadline deadline) throws InterruptedException {
        guard.lock();
        try {
            flushed.await(() -> seq <= flushedSeq || ending.isReached(), deadline, token);
            if (seq <= flushedSeq) return;
            ending.check();
            throw new Unavailable(
                    "not in tables yet. seq=`%d`, flushed=`%d`".formatted(seq, flushedSeq),
                    lastFailure);
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
        return Set.of(RemoteWal.NAME);
    }

    @Override
    public Set<String> feeds() {
        return local == null ? Set.of(RemoteWal.NAME) : Set.of(RemoteWal.NAME, TableShipper.NAME);
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.PERSIST);
    }

    @Override
    public void start(StartContext context) {
        Token own = context.token();
        flushing = context.forkBusy(NAME, ending.guarding(() -> flushUntilStopped(own)));
    }

    /// What is in memory becomes tables, or is counted in the report: then it is in the log, and
    /// the next start replays it.
    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        if (context.mode() == Mode.SMART || !log.leave(context.deadline())) freezeActive.run();
        else leave();
        stopWhenEmpty();
        Task task = flushing;
        if (task != null) task.join(isLeaving ? leavingBy(context) : context.deadline());
        guard.lock();
        try {
            if (local == null) reportTables(context);
            return frozen.isEmpty()
                    ? Outcome.done("memtables flushed", flushes)
                    : Outcome.cut("frozen memtables", frozen.size());
        } finally {
            guard.unlock();
        }
    }

    // Guarded by `guard`.
    private void reportTables(StopContext context) {
        context.durable("commit in tables", String.valueOf(flushedSeq));
        long inLogAlone = log.durableSeq() - flushedSeq;
        if (0 < inLogAlone) context.remains("commits in the log alone", inLogAlone);
    }

    // What is in memory is in the local log too: the next start replays it.
    private void leave() {
        isLeaving = true;
        wakeAll();
    }

    /// True once what is in memory is left to the next start.
    boolean isLeaving() {
        return isLeaving;
    }

    private static Deadline leavingBy(StopContext context) {
        return context.deadline().atMost(LEAVING);
    }

    /// Says how to freeze the active memtable at a stop; before that, there is nothing to freeze.
    void freezeAtStop(Runnable freeze) {
        freezeActive = freeze;
    }

    /// Asks for the active memtable to be frozen soon, as the memory shared with others is short.
    void askToFreeze() {
        guard.lock();
        try {
            isAskedToFreeze = true;
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    boolean isAskedToFreeze() {
        return isAskedToFreeze;
    }

    private boolean takeAsking() {
        guard.lock();
        try {
            boolean wasAsked = isAskedToFreeze;
            isAskedToFreeze = false;
            return wasAsked;
        } finally {
            guard.unlock();
        }
    }

    private @Nullable FrozenMemtable next(Token own) throws InterruptedException {
        while (true) {
            // Not under the guard: freezing goes through the commit order, and comes back here.
            if (takeAsking()) freezeActive.run();
            FrozenMemtable oldest = oldest(own);
            Adoption waiting = oldest == null ? takeAdoption() : null;
            if (waiting != null) retried(own, token -> adopt(waiting, token));
            if (oldest != null || hasEnded(own)) return oldest;
        }
    }

    private boolean hasEnded(Token own) {
        guard.lock();
        try {
            return isStopping || ending.isReached() || own.isCancelled();
        } finally {
            guard.unlock();
        }
    }

    private void flushUntilStopped(Token own) throws InterruptedException {
        while (hasFlushedNext(own)) {}
        // What a clean stop leaves behind names the end of the log: the next start replays nothing.
        // Where tables lie on the local disk first, whoever ships them does that.
        if (!ending.isReached() && local == null) retried(own, this::publishEndOfLog);
    }

    // A method of its own, so that a thread that waits does not hold on to what it flushed last.
    // False at the end.
    private boolean hasFlushedNext(Token own) throws InterruptedException {
        FrozenMemtable next = next(own);
        if (next == null) return false;
        long begun = env.nanoTime();
        if (local == null) placeInL0.await(own);
        var flush = new Flush(tools, next);
        if (!retried(own, flush::attempt)) return false;
        flush.tell();
        backlog.pace().drained(next.memtable().bytes(), env.nanoTime() - begun);
        done(next.memtable(), flush.tableBytes());
        // Last: whoever waits for it finds it counted and told.
        if (flush.isPublished()) published(next.memtable().lastSeq());
        return true;
    }

    private @Nullable FrozenMemtable oldest(Token own) throws InterruptedException {
        guard.lock();
        try {
            while (frozen.isEmpty()) {
                if (isStopping || ending.isReached() || own.isCancelled()) return null;
                if (isAskedToFreeze || adoption != null) return null;
                Deadline look = Deadline.after(env, IDLE);
                work.await(this::hasWork, look, own);
            }
            return ending.isReached() ? null : frozen.peek();
        } finally {
            guard.unlock();
        }
    }

    private boolean hasWork() {
        boolean hasMore = !frozen.isEmpty() || isAskedToFreeze || adoption != null;
        return hasMore || isStopping || ending.isReached();
    }

    private interface Attempt {
        void make(Token own) throws InterruptedException;
    }

    // False if a stop cut it.
    private boolean retried(Token own, Attempt attempt) throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        while (!own.isCancelled() && !isLeaving) {
            try {
                attempt.make(own);
                return true;
            } catch (Unavailable notNow) {
                remember(notNow);
                own.pause(backoff.next());
            } catch (Closed ended) {
                ending.fail(ended);
                return false;
            }
        }
        return false;
    }

    // Tables that were kept for too long may be gone: then another manifest takes the place of the
    // one that may be under way, and shows whether that came first.
    private void adopt(Adoption next, Token own) throws InterruptedException {
        boolean isInTime = env.currentTimeMillis() < next.content().keptUntilMillis();
        live.publish(
                isInTime
                        ? next.edit(log.cover(next.seq()), segments, env.currentTimeMillis())
                        : new ManifestEdit.Restated(),
                patience(own));
        if (next.seq() <= live.current().manifest().lastL0Seq()) {
            published(next.seq());
            next.published();
        } else {
            next.tooLate();
        }
    }

    private void publishEndOfLog(Token own) throws InterruptedException {
        long lastSeq = live.current().manifest().lastL0Seq();
        live.publish(new ManifestEdit.LogCovered(log.cover(lastSeq)), patience(own));
    }

    private Patience patience(Token own) {
        return new Patience(Deadline.after(env, ATTEMPT), own);
    }

    /// A manifest that was published names tables with everything up to `seq`.
    void published(long seq) {
        log.published(seq);
        guard.lock();
        try {
            flushedSeq = Math.max(flushedSeq, seq);
            flushed.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void done(Memtable memtable, long tableBytes) {
        guard.lock();
        try {
            frozen.remove();
            flushes++;
            bytesFlushed += tableBytes;
            lastFailure = null;
        } finally {
            guard.unlock();
        }
        backlog.correct(-memtable.bytes());
    }

    private void remember(RuntimeException failure) {
        guard.lock();
        try {
            var level =
                    lastFailure == null ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
            LOG.log(level, "flush failed, retrying: {0}", failure.getMessage());
            lastFailure = failure;
            failures++;
        } finally {
            guard.unlock();
        }
    }

    private void stopWhenEmpty() {
        placeInL0.stop();
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
            flushed.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// How many memtables are tables on the local disk alone: no published manifest names them.
    int memtablesWaiting() {
        return live.unpublishedMemtables();
    }

    /// The last commit in tables that the manifest names.
    long flushedSeq() {
        guard.lock();
        try {
            return flushedSeq;
        } finally {
            guard.unlock();
        }
    }

    /// What was flushed, and what held it up.
    Flushes flushes() {
        guard.lock();
        try {
            return new Flushes(flushes, bytesFlushed, failures, placeInL0.waits());
        } finally {
            guard.unlock();
        }
    }
}
