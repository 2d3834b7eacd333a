package dev.holdfast.engine.compact;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.compact.TableCheck.KeptBlocks;
import dev.holdfast.engine.compact.rows.RowRules;
import dev.holdfast.engine.event.FencedEvent;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Tiered;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
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
/// 4. A compaction that met damage drops nothing, and is not tried again for a while.
///
/// Thread-safe.
public final class Compactor implements Component {
    /// The name of the component and of its own task.
    public static final String NAME = "compactor";

    private static final System.Logger LOG = System.getLogger(Compactor.class.getName());
    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(30);
    // More than a call to the store takes. Who stops the compactor has a deadline of its own.
    private static final Duration PARTS_END = Duration.ofMinutes(2);
    // Damage may have been on the way only, so it is not for ever.
    private static final Duration DAMAGE_STAYS = Duration.ofMinutes(10);

    private final Place place;
    private final CompactionSettings settings;
    private final SegmentPlans plans;
    private final Env env;
    private final ManifestStore manifests;
    private final CompactionsStore states;
    private final Crew crew;
    private final JobList jobs;
    private volatile boolean isCut;
    private volatile @Nullable StartContext context;
    private volatile @Nullable Task working;

    // Of the compactor's own thread.
    private @Nullable Ledger ledger;
    private boolean hasLookedForLeftovers;
    private final Deque<Compaction> leftovers = new ArrayDeque<>();
    private final List<Damaged> damaged = new ArrayList<>();
    private @Nullable Aside aside;

    /// Where it works and what it runs on.
    ///
    /// @param newest the newest manifest known, asked without I/O where a writer is in the process
    /// @param shown told of every manifest that it publishes
    /// @param cache tells what memory it shares
    /// @param rules what the application has to say on rows
    /// @param filters of the tables that it makes
    /// @param segments how keys are cut, and which segments go; null where there are none
    public record Place(
            ObjectStore store,
            String root,
            Settings settings,
            Env env,
            RowRules rules,
            Supplier<ManifestVersion> newest,
            ShownTables shown,
            BlockCache cache,
            WhenFenced whenFenced,
            FilterChoice filters,
            @Nullable SegmentRules segments) {}

    /// The tables of the database that is compacted, as this process reads them. Thread-safe.
    public interface ShownTables {
        /// How many bytes of memory the blocks of `tables` take.
        long bytesInMemory(Set<SstView> tables);

        /// A reader for the table of `view`, which a manifest may come to name: whoever shows that
        /// manifest shows this reader. Does no I/O.
        SstReader expect(SstView view);

        /// Shows the tables of `version`, which was just published.
        void show(ManifestVersion version);

        /// Those of `expected` that are not shown are not expected any more: what is in memory of
        /// them goes.
        void letGo(List<SstReader> expected);

        /// For a process that reads none: `published` is told of manifests.
        static ShownTables none(Consumer<ManifestVersion> published) {
            return new ShownTables() {
                @Override
                public long bytesInMemory(Set<SstView> tables) {
                    return 0;
                }

                @Override
                public SstReader expect(SstView view) {
                    throw new IllegalStateException("no tables are shown here");
                }

                @Override
                public void show(ManifestVersion version) {
                    published.accept(version);
                }

                @Override
                public void letGo(List<SstReader> expected) {}
            };
        }
    }

    /// What to do when another has become the compactor.
    public enum WhenFenced {
        /// End.
        END,
        /// Leave it the work, and take it back once nobody does it.
        STAND_ASIDE
    }

    private record Damaged(CompactionPlan plan, Deadline until) {}

    /// What it has done since it started.
    public record Stats(
            long compactions, long rowsRead, long tablesWritten, int active, Sharing sharing) {}

    /// What has come of sharing compactions with workers on other machines.
    ///
    /// @param offered parts, each time
    /// @param byWorkers parts that workers did, or an older compactor, and that were found right
    /// @param reclaimed parts, from workers that fell silent
    /// @param late results of workers that had been given up
    /// @param refused results that were wrong
    /// @param resumed parts that were done before this compactor came
    public record Sharing(
            long offered, long byWorkers, long reclaimed, long late, long refused, long resumed) {}

    public Compactor(Place place) {
        this.place = place;
        settings = place.settings().compaction();
        plans = new SegmentPlans(policyOf(settings), place.segments());
        env = place.env();
        manifests = new ManifestStore(place.store(), place.root(), env);
        states = new CompactionsStore(place.store(), place.root(), env);
        jobs = new JobList(() -> isCut);
        crew = new Crew(place, () -> isCut, jobs::told);
    }

    private static CompactionPolicy policyOf(CompactionSettings settings) {
        int least = settings.sourcesMin();
        int most = settings.sourcesMax();
        return switch (settings.style()) {
            case OFF -> _ -> List.of();
            case TIERED -> new SizeTiered(least, most, settings.sizeRatio());
            case LEVELED -> new Leveled(least, most, settings.sizeRatio());
            case EVERYTHING -> new CompactionPolicy.Everything();
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
        working =
                context.fork(
                        NAME,
                        () -> {
                            try (crew) {
                                workUntilStopped(own);
                            }
                        });
    }

    @Override
    public Outcome stop(Phase phase, StopContext stop) throws InterruptedException {
        isCut = true;
        nudge();
        Task task = working;
        boolean hasEnded = task == null || task.join(stop.deadline());
        return jobs.ask(book -> {
            tellWhatIsLeft(stop, book);
            return hasEnded
                    ? Outcome.done("compactions", book.totals().published())
                    : Outcome.cut("compactions", book.active().size());
        });
    }

    private static void tellWhatIsLeft(StopContext stop, ActiveJob.Book book) {
        long finished = 0;
        long unrecorded = 0;
        for (ActiveJob job : book.active()) {
            finished += job.recorded();
            unrecorded += job.prefix().size() - job.recorded();
        }
        int active = book.active().size();
        if (0 < active)
            stop.durable("compactions to resume", active + ", tables finished: " + finished);
        if (0 < unrecorded) stop.remains("compacted tables not recorded", unrecorded);
    }

    /// Tells it that the manifest has changed.
    public void nudge() {
        jobs.told(() -> {});
    }

    /// Waits until there is nothing left to compact. False at the deadline, when it stopped
    /// earlier, and when it met what waiting does not heal.
    public boolean awaitIdle(Deadline deadline, Token token) throws InterruptedException {
        return jobs.awaitIdle(deadline, token);
    }

    /// What kept it from working last; null if nothing did.
    public @Nullable RuntimeException lastFailure() {
        return jobs.lastFailure();
    }

    /// True while a compaction goes on, and is not waiting for better times.
    public boolean isAtWork() {
        return jobs.ask(book -> book.active().stream().anyMatch(job -> job.failure() == null));
    }

    /// What it has done.
    public Stats stats() {
        return jobs.ask(book ->
                new Stats(
                        book.totals().published(),
                        book.totals().rowsRead(),
                        book.totals().tablesWritten(book.active()),
                        book.active().size(),
                        crew.tally().now()));
    }

    /// The same for operators, and what it cost.
    public DbStats.Compactions figures() {
        return jobs.ask(book -> book.totals().figures(book.active()));
    }

    /// How often another was faster to write the next manifest or state.
    public long conflicts() {
        return manifests.conflicts() + states.conflicts();
    }

    private void workUntilStopped(Token own) throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        while (!isCut && !own.isCancelled()) {
            try {
                round(own);
                seeWhetherIdle();
                backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
                jobs.awaitWork(settings.pollInterval(), env, own);
            } catch (Unavailable notNow) {
                jobs.remember(notNow);
                LOG.log(System.Logger.Level.DEBUG, "compactor waits: {0}", notNow.getMessage());
                own.untilDrain().pause(backoff.next());
            } catch (Closed fenced) {
                jobs.remember(fenced);
                FencedEvent.tell(place.root(), "compactor", fenced);
                LOG.log(System.Logger.Level.INFO, "another compacts now: {0}", fenced.getMessage());
                abandonJobs();
                if (place.whenFenced() == WhenFenced.STAND_ASIDE) standAside();
                else isCut = true;
            } catch (StorageException broken) {
                jobs.remember(broken);
                LOG.log(System.Logger.Level.ERROR, "cannot compact: {0}", broken.getMessage());
                own.untilDrain().pause(PAUSE_LONGEST);
            }
        }
        isCut = true;
        jobs.awaitParts(Deadline.after(env, PARTS_END), own);
        recordLast();
    }

    private void standAside() {
        aside = new Aside(env, states);
    }

    private void seeWhetherIdle() {
        Manifest manifest = place.newest().get().manifest();
        jobs.seeWhetherIdle(leftovers.size() + picked(manifest).size() + drains(manifest).size());
    }

    // The last words of a compactor that stops; what cannot be said shows in the report.
    private void recordLast() throws InterruptedException {
        Ledger mine = ledger;
        if (mine == null) return;
        try {
            for (ActiveJob job : jobs.all()) record(mine, job);
        } catch (Closed fenced) {
            abandonJobs();
        } catch (StorageException notSaid) {
            jobs.remember(notSaid);
            LOG.log(System.Logger.Level.WARNING, "not recorded: {0}", notSaid.getMessage());
        }
    }

    // They are another's to go on with now.
    private void abandonJobs() {
        ledger = null;
        leftovers.clear();
        List<ActiveJob> abandoned = jobs.all();
        jobs.abandonAll();
        abandoned.forEach(job -> job.kept().close());
    }

    private void round(Token own) throws InterruptedException {
        if (settings.style() == CompactionSettings.Style.OFF) return;
        Ledger mine = ledger;
        if (mine == null) {
            ManifestVersion newest = place.newest().get();
            if (aside != null && !aside.isOver()) return;
            boolean isIdle =
                    picked(newest.manifest()).isEmpty() && drains(newest.manifest()).isEmpty();
            if (isIdle && !hasLeftovers(newest)) return;
            if (aside != null && aside.doesAnotherWork()) return;
            mine = claim(own);
        }
        for (ActiveJob job : jobs.all()) settle(mine, job);
        ManifestVersion newest = place.newest().get();
        mine.requireNotFenced(newest);
        for (; !leftovers.isEmpty() && !isCut; leftovers.remove())
            takeUp(mine, leftovers.getFirst(), newest);
        newest = drain(mine, newest);
        for (CompactionPlan plan : picked(newest.manifest())) {
            if (isCut || !hasPlaceFor(plan)) break;
            submit(mine, plan, newest);
        }
    }

    // Asked once: what an older compactor left is there from the beginning.
    private boolean hasLeftovers(ManifestVersion newest) {
        if (hasLookedForLeftovers) return false;
        boolean has =
                0 < newest.manifest().compactorEpoch() && Ledger.hasUnfinished(states.latest());
        hasLookedForLeftovers = !has;
        return has;
    }

    private List<CompactionPlan> picked(Manifest manifest) {
        damaged.removeIf(each -> each.until().isExpired());
        List<CompactionPlan> taken = new ArrayList<>();
        for (Damaged each : damaged) taken.add(each.plan());
        for (ActiveJob job : jobs.all()) taken.add(job.plan());
        return plans.pick(manifest, taken);
    }

    private List<SegmentPlans.Drain> drains(Manifest manifest) {
        List<CompactionPlan> active = jobs.all().stream().map(ActiveJob::plan).toList();
        return plans.drains(manifest, active, env.currentTimeMillis());
    }

    private ManifestVersion drain(Ledger mine, ManifestVersion newest) throws InterruptedException {
        ManifestVersion latest = newest;
        for (SegmentPlans.Drain each : drains(newest.manifest())) {
            if (isCut) break;
            latest = mine.drain(each, latest, settings.replacedKept());
            LOG.log(System.Logger.Level.INFO, "segment dropped. prefix=`{0}`", each.segment());
            place.shown().show(latest);
        }
        return latest;
    }

    // One place is kept for L0: nothing else holds up the writers.
    private boolean hasPlaceFor(CompactionPlan plan) {
        int places = settings.jobsMax();
        boolean isForL0 = !plan.l0().isEmpty();
        return jobs.size() < (isForL0 || places == 1 ? places : places - 1);
    }

    private Ledger claim(Token own) throws InterruptedException {
        Ledger mine = Ledger.claim(manifests, states, env, own);
        ledger = mine;
        leftovers.addAll(mine.unfinished());
        hasLookedForLeftovers = true;
        aside = null;
        place.shown().show(manifests.newest(place.newest().get()));
        return mine;
    }

    /// Goes on with what an older compactor began, if its sources are still there.
    private void takeUp(Ledger mine, Compaction left, ManifestVersion latest)
            throws InterruptedException {
        boolean isKnown = left.spec() instanceof Tiered;
        CompactionPlan plan = isKnown ? Ledger.planOf(left, latest.manifest()) : null;
        boolean isApart =
                plan != null && jobs.all().stream().allMatch(job -> job.plan().isApartFrom(plan));
        if (plan == null || !isApart || !plan.fits(latest.manifest())) {
            mine.fail(left.id());
            return;
        }
        List<Durable<SstHandle>> finished =
                Ledger.inOrder(left.outputs())
                        ? left.outputs().stream().map(Durable::confirmed).toList()
                        : List.of();
        add(ActiveJob.takenUp(left.id(), plan, finished, newKept(), env.nanoTime()), latest);
    }

    private void submit(Ledger mine, CompactionPlan plan, ManifestVersion basis)
            throws InterruptedException {
        Ulid id = mine.freshId();
        mine.begin(id, plan);
        add(ActiveJob.fresh(id, plan, newKept(), env.nanoTime()), basis);
    }

    private KeptBlocks newKept() {
        return new KeptBlocks(place.shown());
    }

    private void add(ActiveJob job, ManifestVersion basis) {
        jobs.add(job);
        attempt(job, basis);
    }

    private void attempt(ActiveJob job, ManifestVersion basis) {
        Ledger mine = ledger;
        if (mine == null) throw new IllegalStateException("not the compactor");
        List<Durable<SstHandle>> before = jobs.locked(job::prefix);
        crew.begin(
                new Crew.Attempt(job, basis, before, termOf(mine), jobs.locked(job::attempts)),
                startedWith());
    }

    private static Crew.Term termOf(Ledger mine) {
        return new Crew.Term(
                mine.epoch(), mine.isNewer() ? FilterForm.COMPOSITE : FilterForm.LEGACY);
    }

    private StartContext startedWith() {
        StartContext started = context;
        if (started == null) throw new IllegalStateException("not started");
        return started;
    }

    private void settle(Ledger mine, ActiveJob job) throws InterruptedException {
        if (jobs.locked(job::isRunning)) {
            record(mine, job);
            return;
        }
        RuntimeException failure = jobs.locked(job::failure);
        if (failure instanceof Unavailable || failure instanceof CompactionCut) {
            retry(mine, job, failure);
        } else if (failure != null) {
            giveUp(mine, job, failure);
        } else if (jobs.locked(job::isComplete)) {
            commit(mine, job);
        } else {
            attempt(job, place.newest().get());
        }
    }

    private void record(Ledger mine, ActiveJob job) throws InterruptedException {
        List<Durable<SstHandle>> tables = jobs.locked(job::prefix);
        if (tables.size() <= jobs.locked(job::recorded)) return;
        mine.record(job.id(), tables);
        jobs.locked(() -> {
            job.setRecorded(tables.size());
            return tables;
        });
    }

    private void commit(Ledger mine, ActiveJob job) throws InterruptedException {
        List<Durable<SstHandle>> tables = jobs.locked(job::outputs);
        if (!Ledger.inOrder(tables.stream().map(Durable::position).toList())) {
            // A manifest that said so could not be opened any more.
            giveUp(mine, job, new CorruptData("tables of a run overlap. " + job.id(), null));
            return;
        }
        ManifestVersion known = place.newest().get();
        ManifestVersion next =
                mine.commit(job.id(), job.plan(), tables, known, settings.replacedKept());
        try (var _ = job.kept()) {
            place.shown().show(next);
        }
        jobs.published(job, env.nanoTime(), place.root());
        crew.clear(job, startedWith());
    }

    private void retry(Ledger mine, ActiveJob job, RuntimeException failure)
            throws InterruptedException {
        record(mine, job);
        if (isCut) return;
        if (!jobs.locked(job::isWaitingToRetry)) {
            LOG.log(System.Logger.Level.WARNING, "compaction waits: {0}", failure.getMessage());
            long pause =
                    Math.min(
                            PAUSE_LONGEST.toMillis(),
                            PAUSE_FIRST.toMillis() << Math.min(16, jobs.locked(job::attempts)));
            Deadline at = Deadline.after(env, Duration.ofMillis(pause));
            jobs.retryAt(job, at);
        }
        if (jobs.locked(job::isDueToRetry)) attempt(job, place.newest().get());
    }

    private void giveUp(Ledger mine, ActiveJob job, RuntimeException failure)
            throws InterruptedException {
        mine.fail(job.id());
        LOG.log(
                System.Logger.Level.ERROR,
                "compaction given up, its sources stay: " + failure.getMessage(),
                failure);
        damaged.add(new Damaged(job.plan(), Deadline.after(env, DAMAGE_STAYS)));
        jobs.givenUp(job, place.root());
        job.kept().close();
        crew.clear(job, startedWith());
        jobs.remember(failure);
    }
}
