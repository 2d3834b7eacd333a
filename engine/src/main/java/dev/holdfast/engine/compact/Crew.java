package dev.holdfast.engine.compact;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.board.WorkBoard;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.compact.CompactionJob.Gathered;
import dev.holdfast.engine.compact.rows.Retention;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.work.PartKey;
import dev.holdfast.format.work.PartOrder;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.StopException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The threads that read and write tables for a [Compactor]: each works on one part of a job after
/// the other, and a job that is large is shared with workers on other machines.
///
/// They tell the compactor nothing: what they made and how they ended is left in the job. However a
/// part ends, its job is told.
///
/// For the compactor's own thread, which closes it when it ends.
final class Crew implements AutoCloseable {
    static final ByteSize READ_CACHE = ByteSize.mebibytes(4);

    private static final System.Logger LOG = System.getLogger(Crew.class.getName());
    private static final int SHARED_PARTS_MAX = 32;
    private static final int TABLES_PER_PART = 2;
    private static final int PARTS_OF_CACHE = 4; // one of them at most is kept of what is made

    private final Compactor.Place place;
    private final CompactionSettings settings;
    private final SstSettings form;
    private final Sealing sealing;
    private final WorkBoard board;
    private final Foreman.Tally tally = new Foreman.Tally();
    private final BooleanSupplier isCut;
    private final Consumer<Runnable> report;
    // What is read must not crowd out what is read often. Made with the first attempt.
    private @Nullable BlockCache readCache;

    /// @param isCut true once every part is to end
    /// @param report runs what it is given under the lock that guards jobs, then wakes the
    ///   compactor
    Crew(Compactor.Place place, BooleanSupplier isCut, Consumer<Runnable> report) {
        this.place = place;
        this.isCut = isCut;
        this.report = report;
        settings = place.settings().compaction();
        form = StoredForm.of(place.settings());
        sealing = new Sealing(place.settings().keys(), place.env());
        board = new WorkBoard(place.store(), place.root(), place.env());
    }

    /// An attempt at a job.
    ///
    /// @param basis the manifest that names the sources
    /// @param before the tables that earlier attempts have finished, from the first key on
    record Attempt(
            ActiveJob job,
            ManifestVersion basis,
            List<Durable<SstHandle>> before,
            Term term,
            int round) {}

    /// Under what a compactor works.
    ///
    /// @param epoch its own
    /// @param filters how those of tables are laid out
    record Term(long epoch, FilterForm filters) {}

    /// Begins. What keeps it from beginning is the job's failure.
    void begin(Attempt attempt, StartContext context) {
        ActiveJob job = attempt.job();
        Manifest manifest = attempt.basis().manifest();
        TablePaths paths = TablePaths.of(place.root(), manifest);
        if (readCache == null) readCache = place.cache().sibling(READ_CACHE);
        var tables =
                new TableStore(place.store(), paths, readCache, sealing, place.env())
                        .with(place.filters());
        Retention retention = retentionOf(job.plan(), manifest);
        var work = new CompactionJob(job.plan(), manifest, retention, place.rules(), tables);
        // What the application has brought is here alone.
        boolean isForAll = place.rules().filters() == null && place.filters().isUsual();
        if (isForAll && settings.workers().sharedFrom().bytes() <= work.bytes())
            report.accept(job::share);
        List<Gathered> parts = partsOf(work, attempt);
        if (parts.isEmpty()) return;
        var first = new PartKey(job.id(), attempt.term().epoch(), attempt.round(), 0, 1);
        var book = new PartBook(parts, first, settings.workers().beat(), place.env());
        SstSettings made = form.withFilterForm(attempt.term().filters());
        TablePaths own = TablePaths.of(place.root());
        var writer =
                new SstWriter(place.store(), own, made, sealing, place.env()).with(place.filters());
        job.kept().begin(keptAtMost(work));
        var check = new TableCheck(tables, job.kept());
        long tableBytes = settings.tableSize().bytes();
        var run = new RunWriter(tables, writer, check, tableBytes, () -> freshId(job));
        var shift = new Hand.Shift(job, book, work, run, check);
        var reports = new Hand.Reports(() -> isOver(job), report);
        int threads = Math.min(parts.size(), settings.partsMax());
        for (int i = 0; i < threads; i++) {
            fork(new Hand(shift, board, tally, place.env(), reports), job, i, context);
        }
        if (job.isShared()) forkForeman(job, book, termsOf(job, retention, made), context);
    }

    private long keptAtMost(CompactionJob work) {
        long most = place.cache().roomInAll() / PARTS_OF_CACHE;
        return Math.min(most, place.shown().bytesInMemory(work.sources()));
    }

    /// Gives back the memory that reads take. No attempt is begun afterwards.
    @Override
    public void close() {
        if (readCache != null) readCache.close();
    }

    // Where to cut is read from the sources' indexes.
    private List<Gathered> partsOf(CompactionJob work, Attempt attempt) {
        ActiveJob job = attempt.job();
        int count = settings.partsMax();
        if (job.isShared()) {
            long partBytes = TABLES_PER_PART * settings.tableSize().bytes();
            count = (int) Math.max(count, Math.min(SHARED_PARTS_MAX, work.bytes() / partBytes));
        }
        try {
            boolean isGleaned = job.isShared() && !job.isFresh();
            List<Gathered> left = isGleaned ? Gleaning.of(board, job.id()) : List.of();
            SstHandle last =
                    attempt.before().isEmpty() ? null : attempt.before().getLast().position();
            List<Gathered> parts = work.parts(count, last, left, () -> isOver(job));
            tally.resumed.addAndGet(parts.stream().filter(Gathered::isDone).count());
            report.accept(() -> job.begin(parts.size(), work.bytes()));
            return parts;
        } catch (StorageException | CompactionCut failure) {
            report.accept(() -> job.couldNotBegin(failure));
            return List.of();
        }
    }

    private static void fork(Hand hand, ActiveJob job, int number, StartContext context) {
        try {
            context.forkBusy(
                    "compaction " + job.id() + " part " + number,
                    () -> hand.workUntilOver(context.token()));
        } catch (StopException stopping) {
            hand.breakOff(new CompactionCut());
        }
    }

    private void forkForeman(
            ActiveJob job, PartBook book, Foreman.Terms terms, StartContext context) {
        var foreman = new Foreman(book, board, terms, tally, place.env());
        try {
            context.fork(
                    "foreman of compaction " + job.id(),
                    () -> foreman.watch(() -> isOver(job), context.token()));
        } catch (StopException stopping) {
            LOG.log(System.Logger.Level.DEBUG, "not shared: {0}", stopping.getMessage());
        }
    }

    private Foreman.Terms termsOf(ActiveJob job, Retention retention, SstSettings made) {
        CompactionPlan plan = job.plan();
        var beneath =
                retention.isBottom()
                        ? PartOrder.Keeping.Beneath.NOTHING
                        : PartOrder.Keeping.Beneath.TABLES;
        return new Foreman.Terms(
                job.id(),
                new PartOrder.Sources(plan.l0(), plan.runs(), plan.destination(), plan.segment()),
                new PartOrder.Keeping(retention.seqMin(), retention.nowMillis(), beneath),
                new PartOrder.Making(
                        made, settings.tableSize().bytes(), settings.workers().beat()));
    }

    /// Removes what was written for workers about a job that is over; a collector removes what this
    /// does not.
    void clear(ActiveJob job, StartContext context) {
        if (!job.isShared()) return;
        try {
            context.fork("papers of compaction " + job.id(), () -> clear(job.id()));
        } catch (StopException stopping) {
            LOG.log(System.Logger.Level.DEBUG, "papers stay: {0}", stopping.getMessage());
        }
    }

    private void clear(Ulid job) {
        try {
            board.clear(job);
        } catch (Unavailable notNow) {
            LOG.log(System.Logger.Level.DEBUG, "papers stay: {0}", notNow.getMessage());
        }
    }

    private boolean isOver(ActiveJob job) {
        return isCut.getAsBoolean() || job.isAbandoned();
    }

    // Two clocks have to agree that a row has expired: the wall's and the data's own.
    private Retention retentionOf(CompactionPlan plan, Manifest manifest) {
        long now = Math.min(place.env().currentTimeMillis(), manifest.lastL0ClockTick());
        return new Retention(manifest.recentSnapshotMinSeq(), now, plan.reachesBottom(manifest));
    }

    // A collector spares what is younger than the oldest compaction on record.
    private Ulid freshId(ActiveJob job) {
        long now = place.env().currentTimeMillis();
        return Ulid.at(place.env(), Math.max(job.id().timeMillis(), now));
    }

    /// What has come of sharing.
    Foreman.Tally tally() {
        return tally;
    }
}
