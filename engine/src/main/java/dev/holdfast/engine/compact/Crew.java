package dev.holdfast.engine.compact;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.StopException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The threads that read and write tables for a [Compactor]: each works on one part of a job.
///
/// They send nothing to anybody: what they made and how they ended is left in the job. However a
/// part ends, its job is told.
///
/// For the compactor's own thread, which closes it when it ends.
final class Crew implements AutoCloseable {
    private static final ByteSize READ_CACHE = ByteSize.mebibytes(4);

    private final Compactor.Place place;
    private final CompactionSettings settings;
    private final SstWriter writer;
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
        SstSettings form = StoredForm.of(place.settings());
        writer = new SstWriter(place.store(), TablePaths.of(place.root()), form, place.env());
    }

    /// Begins an attempt at `job` behind the tables `before`, which earlier ones have finished.
    /// What keeps it from beginning is the job's failure.
    void begin(
            ActiveJob job,
            ManifestVersion basis,
            List<Durable<SstHandle>> before,
            StartContext context) {
        Manifest manifest = basis.manifest();
        TablePaths paths = TablePaths.of(place.root(), manifest);
        if (readCache == null) readCache = place.cache().sibling(READ_CACHE);
        var tables = new TableStore(place.store(), paths, readCache, place.env());
        var work =
                new CompactionJob(
                        job.plan(), manifest, retentionOf(job.plan(), manifest), before, tables);
        List<CompactionJob.Part> parts = partsOf(work, job);
        long tableBytes = settings.tableSize().bytes();
        var run = new RunWriter(tables, writer, tableBytes, () -> freshId(job));
        for (int i = 0; i < parts.size(); i++) {
            int number = i;
            Runnable body = () -> workOn(job, number, work, parts.get(number), run);
            try {
                context.fork("compaction " + job.id() + " part " + number, body::run);
            } catch (StopException stopping) {
                report.accept(() -> job.partFailed(new CompactionCut()));
            }
        }
    }

    /// Gives back the memory that reads take. No attempt is begun afterwards.
    @Override
    public void close() {
        if (readCache != null) readCache.close();
    }

    // Where to cut is read from the sources' indexes.
    private List<CompactionJob.Part> partsOf(CompactionJob work, ActiveJob job) {
        try {
            List<CompactionJob.Part> parts = work.parts(settings.partsMax());
            report.accept(() -> job.begin(parts.size()));
            return parts;
        } catch (StorageException failure) {
            report.accept(() -> job.couldNotBegin(failure));
            return List.of();
        }
    }

    private void workOn(
            ActiveJob job, int number, CompactionJob work, CompactionJob.Part part, RunWriter run) {
        BooleanSupplier isOver = () -> isCut.getAsBoolean() || job.isAbandoned();
        Consumer<Durable<SstHandle>> finished =
                table -> report.accept(() -> job.finished(number, table));
        long rows = 0;
        RuntimeException failure = new Unavailable("a part of a compaction broke off", null);
        try {
            rows = work.work(part, run, isOver, finished);
            failure = null;
        } catch (StorageException | CompactionCut met) {
            failure = met;
        } finally {
            tellEnd(job, number, rows, failure);
        }
    }

    private void tellEnd(ActiveJob job, int number, long rows, @Nullable RuntimeException failure) {
        report.accept(() -> {
            if (failure == null) job.partDone(number, rows);
            else job.partFailed(failure);
        });
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
}
