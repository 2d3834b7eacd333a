package dev.holdfast.engine.write;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.memory.Lease;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.tier.LocalTable;
import dev.holdfast.engine.tier.LocalTables;
import dev.holdfast.engine.wal.CommitLog;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.engine.wal.RemoteWal;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Mode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Brings the tables of the local disk into the store, oldest first, and publishes the manifest
/// that names them: several at once, if several wait.
///
/// Invariants:
/// 1. A manifest names a table only after the store has confirmed it, and after all tables before.
/// 2. A file on the local disk goes only once a published manifest names its table.
/// 3. What fails is tried again: until then the files stay, and the views that show them.
///
/// Thread-safe.
final class TableShipper implements Component {
    /// The name of the component and of its task.
    static final String NAME = "table-shipper";

    private static final System.Logger LOG = System.getLogger(TableShipper.class.getName());
    private static final int GROUP_MAX = 16;
    private static final Duration ATTEMPT = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration LEAVING = Duration.ofMillis(200);
    private static final Duration PAUSE_FIRST = Duration.ofMillis(20);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(5);

    private final Env env;
    private final CommitLog log;
    private final Ending ending;
    private final MemoryBudget memory;
    private final SstWriter writer;
    private final LiveManifest live;
    private final PlaceInL0 placeInL0;
    private final LocalTables local;
    private final MemtableFlusher flusher;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint work;
    private volatile @Nullable Task shipping;
    private volatile boolean isLeaving;
    private volatile boolean isStopping;
    private @Nullable RuntimeException lastFailure; // used by the task alone

    /// Where tables come from and go to.
    record Place(SstWriter writer, LiveManifest live, PlaceInL0 placeInL0, LocalTables local) {}

    /// @param flusher is told what has been published
    TableShipper(WriteParts parts, Place place, MemtableFlusher flusher) {
        env = parts.env();
        log = parts.log();
        ending = parts.ending();
        memory = parts.memory();
        writer = place.writer();
        live = place.live();
        placeInL0 = place.placeInL0();
        local = place.local();
        this.flusher = flusher;
        work = new WaitPoint(guard, WaitKind.IDLE, "a table to ship", "writers");
        ending.listen(this::wake);
        live.onChange(this::wake);
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
        return Set.of(RemoteWal.NAME);
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.PERSIST);
    }

    @Override
    public void start(StartContext context) {
        Token own = context.token();
        shipping = context.fork(NAME, ending.guarding(() -> shipUntilStopped(own)));
    }

    /// Everything is shipped and published; or, in haste, left to the next start and counted.
    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        isLeaving = context.mode() != Mode.SMART && flusher.isLeaving();
        isStopping = true;
        placeInL0.stop();
        wake();
        Task task = shipping;
        Deadline until = context.deadline();
        if (task != null) task.join(isLeaving ? until.atMost(LEAVING) : until);
        long inTables = live.current().manifest().lastL0Seq();
        context.durable("commit in tables", String.valueOf(inTables));
        long inLogAlone = log.durableSeq() - inTables;
        if (0 < inLogAlone) context.remains("commits in the log alone", inLogAlone);
        List<LocalTable> left = live.unpublished();
        if (left.isEmpty()) return Outcome.done();
        context.remains("tables on the local disk alone", left.size());
        context.remains("bytes of tables on the local disk alone", bytesOf(left));
        return Outcome.done();
    }

    private static long bytesOf(List<LocalTable> tables) {
        long bytes = 0;
        for (LocalTable table : tables) bytes += table.sizeBytes();
        return bytes;
    }

    private void wake() {
        guard.lock();
        try {
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void shipUntilStopped(Token own) throws InterruptedException {
        while (hasShippedNext(own)) {}
        // What a clean stop leaves behind names the end of the log: the next start replays nothing.
        if (!ending.isReached()) retried(own, this::publishEndOfLog);
    }

    // False at the end.
    private boolean hasShippedNext(Token own) throws InterruptedException {
        List<LocalTable> next = awaitNext(own);
        if (next.isEmpty()) return false;
        placeInL0.await(own);
        var shipment = new Group(next);
        return retried(own, shipment::attempt);
    }

    private List<LocalTable> awaitNext(Token own) throws InterruptedException {
        guard.lock();
        try {
            while (!ending.isReached() && !own.isCancelled() && !isLeaving) {
                List<LocalTable> waiting = live.unpublished();
                if (!waiting.isEmpty()) return waiting.subList(0, groupOf(waiting.size()));
                if (isStopping) return List.of();
                work.await(this::hasWork, Deadline.after(env, IDLE), own);
            }
            return List.of();
        } finally {
            guard.unlock();
        }
    }

    // Those that find a place in L0 together; but one at least.
    private int groupOf(int waiting) {
        return Math.min(waiting, Math.clamp(placeInL0.places(), 1, GROUP_MAX));
    }

    private boolean hasWork() {
        return isStopping || ending.isReached() || !live.unpublished().isEmpty();
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
                lastFailure = null;
                return true;
            } catch (Unavailable notNow) {
                if (!isLeaving) remember(notNow);
                own.pause(backoff.next());
            } catch (Closed ended) {
                ending.fail(ended);
                return false;
            }
        }
        return false;
    }

    private void remember(RuntimeException failure) {
        var level = lastFailure == null ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        LOG.log(level, "table not shipped, retrying: {0}", failure.getMessage());
        lastFailure = failure;
    }

    /// Tables that go into one manifest: whatever was reached is kept from attempt to attempt.
    private final class Group {
        private final List<LocalTable> tables;
        private final List<Durable<SstHandle>> stored = new ArrayList<>();

        Group(List<LocalTable> tables) {
            this.tables = tables;
        }

        void attempt(Token own) throws InterruptedException {
            while (stored.size() < tables.size()) {
                stored.add(send(tables.get(stored.size()), own));
                // What hung in the store is over; the rest is for the next start.
                if (isLeaving || own.isCancelled())
                    throw new Unavailable("left to the next start", null);
            }
            live.publish(edit(), patience(own));
            local.release(tables);
            flusher.published(tables.getLast().lastSeq());
        }

        private Durable<SstHandle> send(LocalTable table, Token own) throws InterruptedException {
            Deadline deadline = Deadline.after(env, ATTEMPT);
            try (Lease _ = memory.leaseForFlush(table.sizeBytes(), deadline, own)) {
                Durable<SstHandle> sent = writer.send(table.handle(), local.content(table));
                local.stored(table);
                return sent;
            }
        }

        private ManifestEdit edit() {
            ManifestEdit all = edit(0);
            for (int i = 1; i < tables.size(); i++) all = new ManifestEdit.Both(all, edit(i));
            return all;
        }

        private ManifestEdit edit(int number) {
            LocalTable table = tables.get(number);
            return new ManifestEdit.Flushed(
                    stored.get(number), log.cover(table.lastSeq()), table.rows());
        }
    }

    // The log's last objects may be on their way; what they hold is in tables by now.
    private void publishEndOfLog(Token own) throws InterruptedException {
        long lastSeq = live.current().manifest().lastL0Seq();
        log.awaitDurable(lastSeq, Deadline.after(env, ATTEMPT));
        live.publish(new ManifestEdit.LogCovered(log.cover(lastSeq)), patience(own));
    }

    private Patience patience(Token own) {
        return new Patience(Deadline.after(env, ATTEMPT), own);
    }
}
