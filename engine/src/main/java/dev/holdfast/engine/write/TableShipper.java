package dev.holdfast.engine.write;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.SegmentEdit;
import dev.holdfast.engine.memory.Lease;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.ship.Shipment;
import dev.holdfast.engine.ship.Shipment.Kind;
import dev.holdfast.engine.ship.Upload;
import dev.holdfast.engine.ship.UploadScheduler;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Brings the tables of the local disk into the store, oldest first, and publishes the manifest
/// that names them: several at once, if several wait. The uploads are the scheduler's.
///
/// Invariants:
/// 1. A manifest names a table only after the store has confirmed it, and after all tables before;
///    those of one memtable all at once.
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
    private static final Duration LOOK = Duration.ofMillis(50);
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
    private final UploadScheduler uploads;
    private final @Nullable SegmentRules segments;
    private final MemtableFlusher flusher;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint work;
    private volatile @Nullable Task shipping;
    private volatile boolean isLeaving;
    private volatile boolean isStopping;

    /// Where tables come from and go to.
    ///
    /// @param segments how keys are cut into segments; null if they are not
    record Place(
            SstWriter writer,
            LiveManifest live,
            PlaceInL0 placeInL0,
            LocalTables local,
            UploadScheduler uploads,
            @Nullable SegmentRules segments) {}

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
        uploads = place.uploads();
        segments = place.segments();
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
        return Set.of(RemoteWal.NAME, UploadScheduler.NAME);
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
        if (task != null && !isThrough(task, context))
            task.join(context.deadline().atMost(LEAVING));
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

    // False if the rest is left to the next start: also if the mode rises meanwhile.
    private boolean isThrough(Task task, StopContext context) throws InterruptedException {
        while (!isLeaving) {
            Deadline look = context.deadline().atMost(LOOK);
            if (task.join(look)) return true;
            boolean isCut = !look.isExpired() || context.deadline().isExpired();
            if (isCut) return false;
            if (context.mode() != Mode.SMART) leave(context.deadline());
        }
        return false;
    }

    // Not before all of it is on this disk.
    private void leave(Deadline deadline) throws InterruptedException {
        isLeaving = log.leave(deadline);
        wake();
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
        if (!ending.isReached() && live.unpublished().isEmpty()) retriedEndOfLog(own);
    }

    // False at the end.
    private boolean hasShippedNext(Token own) throws InterruptedException {
        List<LocalTable> next = awaitNext(own);
        if (next.isEmpty()) return false;
        placeInL0.await(own);
        return new Group(next).isShipped(own);
    }

    private List<LocalTable> awaitNext(Token own) throws InterruptedException {
        guard.lock();
        try {
            while (!ending.isReached() && !own.isCancelled() && !isLeaving) {
                List<LocalTable> waiting = live.unpublished();
                if (!waiting.isEmpty()) return firstOf(waiting);
                if (isStopping) return List.of();
                work.await(this::hasWork, Deadline.after(env, IDLE), own);
            }
            return List.of();
        } finally {
            guard.unlock();
        }
    }

    // Those that find a place in L0 together; but one at least, and all of one memtable.
    private List<LocalTable> firstOf(List<LocalTable> waiting) {
        int count = Math.min(waiting.size(), Math.clamp(placeInL0.places(), 1, GROUP_MAX));
        long lastSeq = waiting.get(count - 1).lastSeq();
        while (count < waiting.size() && waiting.get(count).lastSeq() == lastSeq) count++;
        return waiting.subList(0, count);
    }

    private boolean hasWork() {
        return isStopping || ending.isReached() || !live.unpublished().isEmpty();
    }

    private void retriedEndOfLog(Token own) throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        while (!own.isCancelled() && !isLeaving) {
            try {
                publishEndOfLog(own);
                return;
            } catch (Unavailable notNow) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "end of the log not published, retrying: {0}",
                        notNow.getMessage());
                own.pause(backoff.next());
            } catch (Closed ended) {
                ending.fail(ended);
                return;
            }
        }
    }

    /// Tables that go into one manifest: each a shipment of its own, and the manifest behind them.
    private final class Group {
        private final List<LocalTable> tables;
        private final Map<Ulid, Durable<SstHandle>> stored = new ConcurrentHashMap<>();

        Group(List<LocalTable> tables) {
            this.tables = tables;
        }

        // False if it is left to the next start, or if there is nothing to be done any more.
        boolean isShipped(Token own) throws InterruptedException {
            Upload manifest;
            try {
                manifest = submitted();
            } catch (Closed ended) { // by a stop
                return false;
            }
            while (!manifest.isOver() && !isLeaving && !own.isCancelled())
                manifest.awaitEnd(Deadline.after(env, LOOK), own);
            if (manifest.state() != Upload.State.FAILED)
                return manifest.state() == Upload.State.DONE;
            return hasFailed(manifest.failure());
        }

        // A fence ends this writer, and so does a table that is damaged.
        private boolean hasFailed(@Nullable Throwable why) {
            if (why instanceof StorageException told) ending.fail(told);
            else ending.fail(new AssertionError("tables not shipped", why));
            return false;
        }

        private Upload submitted() {
            var sent = new ArrayList<Upload>();
            long bytes = 0;
            for (LocalTable table : tables) {
                bytes += table.sizeBytes();
                String name = writer.nameOf(table.id());
                Shipment.Attempt attempt = token -> stored.put(table.id(), send(table, token));
                sent.add(uploads.submit(Shipment.of(Kind.TABLE, name, table.sizeBytes(), attempt)));
            }
            String name = "manifest up to commit " + tables.getLast().lastSeq();
            return uploads.submit(Shipment.of(Kind.MANIFEST, name, 0, this::publish).after(sent));
        }

        private Durable<SstHandle> send(LocalTable table, Token token) throws InterruptedException {
            Deadline deadline = Deadline.after(env, ATTEMPT);
            try (Lease _ = memory.leaseForFlush(table.sizeBytes(), deadline, token)) {
                Durable<SstHandle> sent = writer.send(table.handle(), local.content(table));
                local.stored(table);
                return sent;
            }
        }

        private void publish(Token token) throws InterruptedException {
            // Forced here long since; but where the log is to be whole, the store has it first.
            log.awaitFlushable(tables.getLast().lastSeq(), Deadline.after(env, ATTEMPT));
            live.publish(edit(), patience(token));
            flusher.published(tables.getLast().lastSeq());
            local.release(tables);
        }

        private ManifestEdit edit() {
            ManifestEdit all = null;
            for (int at = 0; at < tables.size(); ) {
                int end = at + 1 + tables.get(at).record().following();
                ManifestEdit next = editOf(tables.subList(at, end));
                all = all == null ? next : new ManifestEdit.Both(all, next);
                at = end;
            }
            return requireNonNull(all);
        }

        // Of one memtable.
        private ManifestEdit editOf(List<LocalTable> made) {
            List<Durable<SstHandle>> there =
                    made.stream().map(each -> requireNonNull(stored.get(each.id()))).toList();
            LocalTable last = made.getLast();
            return SegmentEdit.added(there, segments, log.cover(last.lastSeq()), last.rows());
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
