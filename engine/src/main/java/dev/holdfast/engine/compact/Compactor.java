package dev.holdfast.engine.compact;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Tiered;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
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
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps the number of tables small: picks what to compact, has it done, publishes what came of it.
///
/// Invariants:
/// 1. One thread, this component's own, talks to the manifest and to the compactor's state; parts
///    of compactions read and write tables, and nothing else.
/// 2. It becomes the compactor only when there is something to do: an idle database costs nothing.
/// 3. A stop cuts every part at the next rows. What they had finished is written down first, and
///    taken up by the next compactor.
/// 4. A compaction that met damage is not tried again by this instance, and drops nothing.
///
/// Thread-safe.
public final class Compactor implements Component {
    /// The name of the component and of its own task.
    public static final String NAME = "compactor";

    private static final System.Logger LOG = System.getLogger(Compactor.class.getName());
    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(30);
    private static final ByteSize READ_CACHE = ByteSize.mebibytes(4);

    private final Place place;
    private final CompactionSettings settings;
    private final CompactionPolicy policy;
    private final Env env;
    private final ManifestStore manifests;
    private final SstWriter tableWriter;
    private final BlockCache readCache; // what it reads must not crowd out what is read often
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint work;
    private volatile boolean isCut;
    private volatile @Nullable StartContext context;
    private volatile @Nullable Task working;

    // Of the compactor's own thread.
    private @Nullable Ledger ledger;
    private boolean hasLookedForLeftovers;
    private final List<CompactionPlan> damaged = new ArrayList<>();

    // Guarded by `guard`.
    private final Map<Ulid, ActiveJob> active = new LinkedHashMap<>();
    private boolean isNudged;
    private boolean isIdle;
    private @Nullable RuntimeException lastFailure;
    private long compacted;
    private long rowsRead;
    private long tablesWritten;

    /// Where it works and what it runs on.
    ///
    /// @param newest the newest manifest known, asked without I/O where a writer is in the process
    /// @param published told of every manifest that it publishes
    /// @param cache tells what memory it shares
    public record Place(
            ObjectStore store,
            String root,
            Settings settings,
            Env env,
            Supplier<ManifestVersion> newest,
            Consumer<ManifestVersion> published,
            BlockCache cache) {}

    /// What it has done since it started.
    public record Stats(long compactions, long rowsRead, long tablesWritten, int active) {}

    public Compactor(Place place) {
        this.place = place;
        settings = place.settings().compaction();
        policy = policyOf(settings);
        env = place.env();
        manifests = new ManifestStore(place.store(), place.root(), env);
        tableWriter =
                new SstWriter(
                        place.store(),
                        TablePaths.of(place.root()),
                        StoredForm.of(place.settings()),
                        env);
        readCache = place.cache().sibling(READ_CACHE);
        work = new WaitPoint(guard, WaitKind.IDLE, "something to compact", "writers and parts");
    }

    private static CompactionPolicy policyOf(CompactionSettings settings) {
        return switch (settings.style()) {
            case OFF -> _ -> List.of();
            case TIERED ->
                    new SizeTiered(
                            settings.sourcesMin(), settings.sourcesMax(), settings.sizeRatio());
            case LEVELED ->
                    new Leveled(settings.sourcesMin(), settings.sourcesMax(), settings.sizeRatio());
            case EVERYTHING -> new Everything();
        };
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
        return Set.of(Phase.QUIESCE);
    }

    @Override
    public void start(StartContext context) {
        this.context = context;
        Token own = context.token();
        working = context.fork(NAME, () -> workUntilStopped(own));
    }

    @Override
    public Outcome stop(Phase phase, StopContext stop) throws InterruptedException {
        isCut = true;
        nudge();
        Task task = working;
        boolean hasEnded = task == null || task.join(stop.deadline());
        guard.lock();
        try {
            long finished = 0;
            long unrecorded = 0;
            for (ActiveJob job : active.values()) {
                finished += job.recorded();
                unrecorded += job.prefix().size() - job.recorded();
            }
            if (!active.isEmpty())
                stop.durable(
                        "compactions to resume", active.size() + ", tables finished: " + finished);
            if (0 < unrecorded) stop.remains("compacted tables not recorded", unrecorded);
            return hasEnded
                    ? Outcome.done("compactions", compacted)
                    : Outcome.cut("compactions", active.size());
        } finally {
            guard.unlock();
        }
    }

    /// Tells it that the manifest has changed.
    public void nudge() {
        guard.lock();
        try {
            isNudged = true;
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// Waits until there is nothing left to compact. False at the deadline, and when it stopped
    /// earlier.
    public boolean awaitIdle(Deadline deadline, Token token) throws InterruptedException {
        guard.lock();
        try {
            work.await(() -> isIdle || isCut, deadline, token);
            return isIdle;
        } finally {
            guard.unlock();
        }
    }

    /// What kept it from working last; null if nothing did.
    public @Nullable RuntimeException lastFailure() {
        guard.lock();
        try {
            return lastFailure;
        } finally {
            guard.unlock();
        }
    }

    /// What it has done.
    public Stats stats() {
        guard.lock();
        try {
            return new Stats(compacted, rowsRead, tablesWritten, active.size());
        } finally {
            guard.unlock();
        }
    }

    private void workUntilStopped(Token own) throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        while (!isCut && !own.isCancelled()) {
            try {
                round(own);
                seeWhetherIdle();
                backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
                awaitWork(own);
            } catch (Unavailable notNow) {
                remember(notNow);
                LOG.log(System.Logger.Level.DEBUG, "compactor waits: {0}", notNow.getMessage());
                own.untilDrain().pause(backoff.next());
            } catch (Closed fenced) {
                remember(fenced);
                LOG.log(System.Logger.Level.INFO, "another compacts now: {0}", fenced.getMessage());
                isCut = true;
            }
        }
        isCut = true;
        awaitParts(own);
        recordLast();
    }

    private void seeWhetherIdle() {
        Manifest manifest = place.newest().get().manifest();
        boolean hasWork = !picked(manifest).isEmpty();
        guard.lock();
        try {
            isIdle = active.isEmpty() && !hasWork;
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void remember(RuntimeException failure) {
        locked(() -> {
            lastFailure = failure;
            return failure;
        });
    }

    private void awaitWork(Token own) throws InterruptedException {
        guard.lock();
        try {
            Deadline look = Deadline.after(env, settings.pollInterval());
            work.await(() -> isNudged || isCut, look, own);
            isNudged = false;
            isIdle = false;
        } finally {
            guard.unlock();
        }
    }

    private void awaitParts(Token own) throws InterruptedException {
        guard.lock();
        try {
            Deadline bound = Deadline.after(env, place.settings().closeTimeout());
            work.await(() -> active.values().stream().noneMatch(ActiveJob::isRunning), bound, own);
        } finally {
            guard.unlock();
        }
    }

    // The last words of a compactor that stops; what cannot be said shows in the report.
    private void recordLast() throws InterruptedException {
        Ledger mine = ledger;
        if (mine == null) return;
        for (ActiveJob job : jobs()) {
            try {
                record(mine, job);
            } catch (StorageException notSaid) {
                LOG.log(System.Logger.Level.DEBUG, "not recorded: {0}", notSaid.getMessage());
                return;
            }
        }
    }

    private void round(Token own) throws InterruptedException {
        if (settings.style() == CompactionSettings.Style.OFF) return;
        for (ActiveJob job : jobs()) settle(job, own);
        ManifestVersion newest = place.newest().get();
        Ledger mine = ledger;
        if (mine == null) {
            boolean mayHaveLeftovers =
                    !hasLookedForLeftovers && 0 < newest.manifest().compactorEpoch();
            if (!mayHaveLeftovers && picked(newest.manifest()).isEmpty()) return;
            mine = claim(own);
            newest = place.newest().get();
        }
        mine.requireNotFenced(newest);
        for (CompactionPlan plan : picked(newest.manifest())) {
            if (isCut || !hasPlaceFor(plan)) break;
            submit(plan, newest, own);
        }
    }

    private List<CompactionPlan> picked(Manifest manifest) {
        List<CompactionPlan> taken = new ArrayList<>(damaged);
        for (ActiveJob job : jobs()) taken.add(job.plan());
        return policy.pick(TreeShape.of(manifest, taken)).stream()
                .filter(plan -> plan.fits(manifest))
                .toList();
    }

    // One place is kept for L0: nothing else holds up the writers.
    private boolean hasPlaceFor(CompactionPlan plan) {
        int places = settings.jobsMax();
        boolean isForL0 = !plan.l0().isEmpty();
        return active.size() < (isForL0 || places == 1 ? places : places - 1);
    }

    private List<ActiveJob> jobs() {
        guard.lock();
        try {
            return List.copyOf(active.values());
        } finally {
            guard.unlock();
        }
    }

    private Ledger claim(Token own) throws InterruptedException {
        var store = new CompactionsStore(place.store(), place.root(), env);
        Ledger mine = Ledger.claim(manifests, store, env, own);
        ManifestVersion latest = manifests.newest(place.newest().get());
        place.published().accept(latest);
        ledger = mine;
        hasLookedForLeftovers = true;
        for (Compaction left : mine.unfinished()) takeUp(mine, left, latest, own);
        return mine;
    }

    /// Goes on with what an older compactor began, if its sources are still there.
    private void takeUp(Ledger mine, Compaction left, ManifestVersion latest, Token own)
            throws InterruptedException {
        boolean isKnown = left.spec() instanceof Tiered tiered && tiered.segment() == null;
        CompactionPlan plan = isKnown ? Ledger.planOf(left, latest.manifest()) : null;
        boolean isApart =
                plan != null && jobs().stream().allMatch(job -> job.plan().isApartFrom(plan));
        if (plan == null || !isApart || !plan.fits(latest.manifest())) {
            mine.fail(left.id());
            return;
        }
        List<Durable<SstHandle>> finished =
                inOrder(left.outputs())
                        ? left.outputs().stream().map(Durable::confirmed).toList()
                        : List.of();
        add(new ActiveJob(left.id(), plan, finished), latest, own);
    }

    private static boolean inOrder(List<SstHandle> tables) {
        for (int i = 1; i < tables.size(); i++) {
            var last = tables.get(i - 1).properties().lastEntry();
            var first = tables.get(i).properties().firstEntry();
            if (last == null || first == null || 0 < last.compareTo(first)) return false;
        }
        return true;
    }

    private void submit(CompactionPlan plan, ManifestVersion basis, Token own)
            throws InterruptedException {
        Ledger mine = ledger;
        if (mine == null) return;
        Ulid id = Ulid.next(env);
        mine.begin(id, plan);
        add(new ActiveJob(id, plan, List.of()), basis, own);
    }

    private void add(ActiveJob job, ManifestVersion basis, Token own) {
        guard.lock();
        try {
            active.put(job.id(), job);
        } finally {
            guard.unlock();
        }
        attempt(job, basis, own);
    }

    private void attempt(ActiveJob job, ManifestVersion basis, Token own) {
        TablePaths paths = TablePaths.of(place.root(), basis.manifest());
        var tables = new TableStore(place.store(), paths, readCache, env);
        Retention retention = retentionOf(job.plan(), basis.manifest());
        List<Durable<SstHandle>> before = locked(job::prefix);
        var work = new CompactionJob(job.plan(), basis.manifest(), retention, before, tables);
        List<CompactionJob.Part> parts = work.parts(settings.partsMax());
        locked(() -> {
            job.begin(parts.size());
            return parts;
        });
        long tableBytes = settings.tableSize().bytes();
        var writer = new RunWriter(tables, tableWriter, tableBytes, () -> freshId(job));
        for (int i = 0; i < parts.size(); i++) {
            int number = i;
            forkPart(job, number, () -> workOn(job, number, work, parts.get(number), writer));
        }
    }

    private void forkPart(ActiveJob job, int number, Runnable body) {
        StartContext started = context;
        if (started == null) throw new IllegalStateException("not started");
        started.fork("compaction " + job.id() + " part " + number, body::run);
    }

    private void workOn(
            ActiveJob job,
            int number,
            CompactionJob work,
            CompactionJob.Part part,
            RunWriter writer) {
        try {
            long rows = work.work(part, writer, () -> isCut, table -> finished(job, number, table));
            ended(job, () -> job.partDone(number, rows));
        } catch (StorageException | CompactionCut failure) {
            ended(job, () -> job.partFailed(failure));
        }
    }

    private void finished(ActiveJob job, int part, Durable<SstHandle> table) {
        guard.lock();
        try {
            job.finished(part, table);
            tablesWritten++;
            isNudged = true;
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void ended(ActiveJob job, Runnable how) {
        guard.lock();
        try {
            how.run();
            isNudged = true;
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private <T> T locked(Supplier<T> question) {
        guard.lock();
        try {
            return question.get();
        } finally {
            guard.unlock();
        }
    }

    // Two clocks have to agree that a row has expired: the wall's and the data's own.
    private Retention retentionOf(CompactionPlan plan, Manifest manifest) {
        long now = Math.min(env.currentTimeMillis(), manifest.lastL0ClockTick());
        return new Retention(manifest.recentSnapshotMinSeq(), now, plan.reachesBottom(manifest));
    }

    // A collector spares what is younger than the oldest compaction on record.
    private Ulid freshId(ActiveJob job) {
        return Ulid.at(env, Math.max(job.id().timeMillis(), env.currentTimeMillis()));
    }

    private void settle(ActiveJob job, Token own) throws InterruptedException {
        Ledger mine = ledger;
        if (mine == null) return;
        if (locked(job::isRunning)) {
            record(mine, job);
            return;
        }
        RuntimeException failure = locked(job::failure);
        if (failure == null) {
            commit(mine, job);
        } else if (failure instanceof Unavailable || failure instanceof CompactionCut) {
            retry(mine, job, failure, own);
        } else {
            giveUp(mine, job, failure);
        }
    }

    private void record(Ledger mine, ActiveJob job) throws InterruptedException {
        List<Durable<SstHandle>> tables = locked(job::prefix);
        if (tables.size() <= locked(job::recorded)) return;
        mine.record(job.id(), tables);
        locked(() -> {
            job.setRecorded(tables.size());
            return tables;
        });
    }

    private void commit(Ledger mine, ActiveJob job) throws InterruptedException {
        List<Durable<SstHandle>> tables = locked(job::outputs);
        ManifestVersion next = mine.commit(job.id(), job.plan(), tables, place.newest().get());
        place.published().accept(next);
        guard.lock();
        try {
            active.remove(job.id());
            compacted++;
            rowsRead += job.rowsRead();
        } finally {
            guard.unlock();
        }
    }

    private void retry(Ledger mine, ActiveJob job, RuntimeException failure, Token own)
            throws InterruptedException {
        record(mine, job);
        if (isCut) return;
        if (!locked(job::isWaitingToRetry)) {
            LOG.log(System.Logger.Level.WARNING, "compaction waits: {0}", failure.getMessage());
            long pause =
                    Math.min(
                            PAUSE_LONGEST.toMillis(),
                            PAUSE_FIRST.toMillis() << Math.min(16, locked(job::attempts)));
            Deadline at = Deadline.after(env, Duration.ofMillis(pause));
            locked(() -> {
                job.retryAt(at);
                return at;
            });
        }
        if (locked(job::isDueToRetry)) attempt(job, place.newest().get(), own);
    }

    private void giveUp(Ledger mine, ActiveJob job, RuntimeException failure)
            throws InterruptedException {
        LOG.log(
                System.Logger.Level.ERROR,
                "compaction given up, its sources stay: " + failure.getMessage(),
                failure);
        remember(failure);
        damaged.add(job.plan());
        mine.fail(job.id());
        locked(() -> active.remove(job.id()));
    }
}
