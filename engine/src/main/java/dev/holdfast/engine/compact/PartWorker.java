package dev.holdfast.engine.compact;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.board.Paper;
import dev.holdfast.engine.board.Posted;
import dev.holdfast.engine.board.WorkBoard;
import dev.holdfast.engine.board.WorkBoard.Claimed;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.compact.rows.Retention;
import dev.holdfast.engine.compact.rows.RowRules;
import dev.holdfast.engine.event.PartRecord;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.format.work.PartClaim;
import dev.holdfast.format.work.PartKey;
import dev.holdfast.format.work.PartOrder;
import dev.holdfast.format.work.PartResult;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Works on parts of the compactions of a compactor elsewhere: claims what is offered, says that it
/// lives, and delivers what came of it.
///
/// Invariants:
/// 1. One thread, this component's own, talks to the board; parts read and write tables, and
///    nothing else.
/// 2. It publishes nothing: what it makes counts once the compactor has taken it up.
/// 3. A stop cuts every part at the next rows. Each is given back with the tables that it has.
/// 4. Without work it asks less and less often, down to once in [#POLL_LONGEST].
///
/// Thread-safe.
public final class PartWorker implements Component {
    /// The name of the component and of its own task.
    public static final String NAME = "compaction worker";

    static final Duration POLL_LONGEST = Duration.ofSeconds(15);

    private static final System.Logger LOG = System.getLogger(PartWorker.class.getName());
    private static final Duration POLL_FIRST = Duration.ofMillis(200);
    // What was not answered is not asked again at once.
    private static final Duration PAUSE_LEAST = Duration.ofMillis(100);
    private static final Duration ANNOUNCED_LATER = Duration.ofSeconds(5);
    private static final Duration ANNOUNCED_AGAIN = Duration.ofMinutes(1);
    private static final Duration PARTS_END = Duration.ofMinutes(2);
    private static final int TRIED_MAX = 4_096;
    private static final int CHOICE = 4; // workers that begin at the same place get in their way

    private final Place place;
    private final CompactionSettings settings;
    private final Env env;
    private final WorkBoard board;
    private final ManifestStore manifests;
    private final BlockCache readCache;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint news;
    private volatile boolean isCut;
    private volatile @Nullable StartContext context;
    private volatile @Nullable Task working;

    // Of the worker's own thread.
    private final Set<PartKey> tried =
            Collections.newSetFromMap(
                    new LinkedHashMap<>() {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<PartKey, Boolean> eldest) {
                            return TRIED_MAX < size();
                        }
                    });
    private final String presence;
    private Backoff pace;
    private Deadline nextPoll;
    private Deadline nextAnnouncement;
    private Deadline idle;
    private @Nullable ManifestVersion manifest;

    // Guarded by `guard`.
    private final List<HeldPart> held = new ArrayList<>();
    private boolean hasNews;
    private long claimed;
    private long done;
    private long givenBack;
    private long lost;
    private long tablesWritten;
    private long rowsRead;

    /// Where it works and what it runs on.
    ///
    /// @param rules what the application has to say on rows; it has no filter
    /// @param name what people call it
    /// @param whenIdle what to do once there was no work for so long; null to wait for ever
    public record Place(
            ObjectStore store,
            String root,
            CompactionSettings settings,
            Sealing sealing,
            RowRules rules,
            Env env,
            BlockCache cache,
            String name,
            @Nullable WhenIdle whenIdle) {}

    /// What to do once there was no work for `after`.
    public record WhenIdle(Duration after, Runnable then) {}

    /// What it has done since it started.
    ///
    /// @param claimed parts
    /// @param done parts that it went through
    /// @param givenBack parts that were cut or failed
    /// @param lost parts that were taken back from it
    public record Stats(
            long claimed,
            long done,
            long givenBack,
            long lost,
            long tablesWritten,
            long rowsRead,
            int active) {}

    public PartWorker(Place place) {
        this.place = place;
        settings = place.settings();
        env = place.env();
        board = new WorkBoard(place.store(), place.root(), env);
        manifests = new ManifestStore(place.store(), place.root(), env);
        readCache = place.cache().sibling(Crew.READ_CACHE);
        news = new WaitPoint(guard, WaitKind.IDLE, "a part to work on", "compactors");
        String random = Ulid.next(env).toString();
        presence = place.name() + "-" + random.substring(random.length() - 8);
        pace = pace();
        nextPoll = Deadline.after(env, Duration.ZERO);
        nextAnnouncement = Deadline.after(env, Duration.ZERO);
        idle = idleFromNow();
    }

    private Backoff pace() {
        return new Backoff(env, POLL_FIRST, POLL_LONGEST);
    }

    private Deadline idleFromNow() {
        WhenIdle whenIdle = place.whenIdle();
        return Deadline.after(env, whenIdle == null ? Duration.ofDays(36_500) : whenIdle.after());
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
        working =
                context.fork(
                        NAME,
                        () -> {
                            try (readCache) {
                                workUntilStopped(own);
                            }
                        });
    }

    @Override
    public Outcome stop(Phase phase, StopContext stop) throws InterruptedException {
        isCut = true;
        told(() -> {});
        Task task = working;
        boolean hasEnded = task == null || task.join(stop.deadline());
        guard.lock();
        try {
            if (!held.isEmpty()) stop.remains("parts not given back", held.size());
            return hasEnded
                    ? Outcome.done("parts given back", givenBack)
                    : Outcome.cut("parts", held.size());
        } finally {
            guard.unlock();
        }
    }

    /// What it has done.
    public Stats stats() {
        guard.lock();
        try {
            return new Stats(claimed, done, givenBack, lost, tablesWritten, rowsRead, held.size());
        } finally {
            guard.unlock();
        }
    }

    private void workUntilStopped(Token own) throws InterruptedException {
        while (!isCut && !own.isCancelled()) {
            orLater(this::announce);
            for (HeldPart each : held()) orLater(() -> settleOrBeat(each));
            orLater(this::lookForWork);
            tellIfIdle();
            awaitNews(own);
        }
        isCut = true;
        awaitParts(own);
        for (HeldPart each : held()) if (locked(each::hasEnded)) orLater(() -> settle(each));
        orLater(() -> board.leave(presence));
    }

    // What the store does not answer now is asked again in the next round.
    private static void orLater(Runnable talk) {
        try {
            talk.run();
        } catch (Unavailable notNow) {
            LOG.log(System.Logger.Level.DEBUG, "worker waits: {0}", notNow.getMessage());
        }
    }

    private List<HeldPart> held() {
        guard.lock();
        try {
            return List.copyOf(held);
        } finally {
            guard.unlock();
        }
    }

    private void announce() {
        if (!nextAnnouncement.isExpired()) return;
        nextAnnouncement = Deadline.after(env, ANNOUNCED_LATER);
        board.announce(presence);
        nextAnnouncement = Deadline.after(env, ANNOUNCED_AGAIN);
    }

    private void settleOrBeat(HeldPart part) {
        if (locked(part::isToBeSettled)) settle(part);
        else if (!locked(part::hasEnded) && part.nextBeat().isExpired()) beat(part);
    }

    private void settle(HeldPart part) {
        PartResult result = locked(() -> part.result(env));
        board.deliver(result); // also if it was lost: that may have been an error
        told(() -> {
            held.remove(part);
            tablesWritten += part.tablesWritten();
            rowsRead += part.rowsRead();
            if (part.isLost()) lost++;
            else if (result.ending() == PartResult.Ending.DONE) done++;
            else givenBack++;
        });
        if (result.ending() == PartResult.Ending.FAILED)
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a part failed. part=`{0}`, cause=`{1}`",
                    result.key(),
                    result.cause());
        startOver();
    }

    // Soon after one part there may be another.
    private void startOver() {
        pace = pace();
        nextPoll = Deadline.after(env, Duration.ZERO);
        idle = idleFromNow();
    }

    private void beat(HeldPart part) {
        PartClaim claim = locked(() -> part.beat(env));
        board.beat(claim);
        if (board.isOffered(claim.key())) return;
        part.lose();
        LOG.log(System.Logger.Level.INFO, "a part was taken back. part=`{0}`", claim.key());
    }

    private void lookForWork() {
        int free = settings.partsMax() - locked(held::size);
        if (isCut || free <= 0 || !nextPoll.isExpired()) return;
        nextPoll = Deadline.after(env, pace.next());
        List<PartKey> offered = offered();
        if (offered.isEmpty()) return;
        int first =
                (int) Long.remainderUnsigned(env.randomLong(), Math.min(CHOICE, offered.size()));
        Collections.rotate(offered, -first);
        for (PartKey key : offered) {
            if (free == 0 || isCut) return;
            if (take(key)) free--;
        }
    }

    private List<PartKey> offered() {
        Posted posted = board.look();
        var offered = new ArrayList<PartKey>();
        for (PartKey key : posted.keys()) {
            boolean isFree =
                    posted.has(key, Paper.ORDER)
                            && !posted.has(key, Paper.CLAIM)
                            && !posted.has(key, Paper.RESULT);
            if (isFree && !tried.contains(key)) offered.add(key);
        }
        return offered;
    }

    // An order is worth what its compactor is: an older one's are left to lie.
    private boolean take(PartKey key) {
        PartOrder order = board.readOrder(key);
        ManifestVersion now = newestManifest();
        if (order == null || now == null) return false;
        var sources = order.sources();
        var plan =
                new CompactionPlan(
                        sources.l0(), sources.runs(), sources.destination(), sources.segment());
        long epoch = now.manifest().compactorEpoch();
        if (epoch < key.epoch()) return false; // what we see of the manifest lags
        tried.add(key);
        if (key.epoch() < epoch || !plan.fits(now.manifest())) return false;
        var claim = new PartClaim(key, Ulid.next(env), place.name(), 0, 0, order.finished());
        if (board.claim(claim) != Claimed.OURS) return false;
        begin(new HeldPart(order, claim, env), plan, now);
        return true;
    }

    private @Nullable ManifestVersion newestManifest() {
        ManifestVersion before = manifest;
        manifest = before == null ? manifests.latest() : manifests.newest(before);
        return manifest;
    }

    private void begin(HeldPart part, CompactionPlan plan, ManifestVersion basis) {
        told(() -> {
            held.add(part);
            claimed++;
        });
        startOver();
        StartContext started = context;
        if (started == null) throw new IllegalStateException("not started");
        try {
            started.forkBusy("part " + part.order().key(), () -> work(part, plan, basis));
        } catch (StopException stopping) {
            told(() -> part.end(0, new CompactionCut()));
        }
    }

    private void work(HeldPart part, CompactionPlan plan, ManifestVersion basis) {
        BooleanSupplier isOver =
                () -> {
                    part.step();
                    return isCut || part.isLost();
                };
        Consumer<RunWriter.Written> written = table -> told(() -> part.wrote(table.finished()));
        long rows = 0;
        RuntimeException failure = new Unavailable("a part of a compaction broke off", null);
        try {
            rows = work(part.order(), plan, basis).run(part, isOver, written);
            failure = null;
        } catch (StorageException | CompactionCut met) {
            failure = met;
        } finally {
            tellEnd(part, rows, failure);
        }
    }

    private void tellEnd(HeldPart part, long rows, @Nullable RuntimeException failure) {
        told(() -> part.end(rows, failure));
    }

    /// A part's sources and its writer.
    private record Bench(CompactionJob job, RunWriter writer) {
        long run(HeldPart part, BooleanSupplier isOver, Consumer<RunWriter.Written> written) {
            PartKey key = part.order().key();
            try (var told = new PartRecord(key.job(), key.part())) {
                Consumer<RunWriter.Written> both =
                        table -> {
                            told.wrote(table.bytes());
                            written.accept(table);
                        };
                DbStats.Rows rows = job.work(part.left(), writer, isOver, both);
                told.done(rows);
                return rows.read();
            }
        }
    }

    private Bench work(PartOrder order, CompactionPlan plan, ManifestVersion basis) {
        TablePaths paths = TablePaths.of(place.root(), basis.manifest());
        var tables = new TableStore(place.store(), paths, readCache, place.sealing(), env);
        PartOrder.Keeping keeping = order.keeping();
        boolean isBottom = keeping.beneath() == PartOrder.Keeping.Beneath.NOTHING;
        var retention = new Retention(keeping.seqMin(), keeping.nowMillis(), isBottom);
        var writer =
                new SstWriter(
                        place.store(),
                        TablePaths.of(place.root()),
                        order.making().form(),
                        place.sealing(),
                        env);
        long id = order.key().job().timeMillis();
        return new Bench(
                new CompactionJob(plan, basis.manifest(), retention, place.rules(), tables),
                new RunWriter(
                        tables,
                        writer,
                        new TableCheck(tables, TableCheck.KeptBlocks.none()),
                        order.making().tableBytes(),
                        // A collector spares what is younger than the oldest compaction on record.
                        () -> Ulid.at(env, Math.max(id, env.currentTimeMillis()))));
    }

    private void tellIfIdle() {
        WhenIdle whenIdle = place.whenIdle();
        if (whenIdle == null || !held().isEmpty() || !idle.isExpired()) return;
        idle = idleFromNow();
        whenIdle.then().run();
    }

    private void awaitNews(Token own) throws InterruptedException {
        Deadline until = untilNext();
        guard.lock();
        try {
            news.await(() -> hasNews || isCut, until, own);
            hasNews = false;
        } finally {
            guard.unlock();
        }
    }

    private Deadline untilNext() {
        Duration longest = nextAnnouncement.remaining();
        List<HeldPart> parts = held();
        for (HeldPart each : parts) longest = shorter(longest, each.nextBeat().remaining());
        if (parts.size() < settings.partsMax()) longest = shorter(longest, nextPoll.remaining());
        if (parts.isEmpty()) longest = shorter(longest, idle.remaining());
        return Deadline.after(env, longest.isZero() ? PAUSE_LEAST : longest);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private void awaitParts(Token own) throws InterruptedException {
        guard.lock();
        try {
            Deadline bound = Deadline.after(env, PARTS_END);
            news.await(() -> held.stream().allMatch(HeldPart::hasEnded), bound, own);
        } finally {
            guard.unlock();
        }
    }

    private void told(Runnable event) {
        guard.lock();
        try {
            event.run();
            hasNews = true;
            news.signalAll();
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
}
