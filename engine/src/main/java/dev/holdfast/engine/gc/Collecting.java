package dev.holdfast.engine.gc;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Collects now and then while a database is open, but only where something has changed or the last
/// collection has left something for later: an idle database costs nothing. Thread-safe.
public final class Collecting implements Component {
    private static final String NAME = "collector";
    private static final System.Logger LOG = System.getLogger(Collecting.class.getName());

    private final Place place;
    private final Duration interval;
    private final AtomicReference<DbStats.Collections> figures =
            new AtomicReference<>(DbStats.Collections.NONE);
    private volatile @Nullable StartContext context;
    private volatile @Nullable Task collecting;

    /// Where it works and what it runs on.
    ///
    /// @param newestManifest the id of the newest manifest known, asked without I/O
    public record Place(
            ObjectStore store,
            String root,
            CollectionRules rules,
            Env env,
            LongSupplier newestManifest) {}

    public Collecting(Place place, Duration interval) {
        this.place = place;
        this.interval = interval;
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
    public void start(StartContext given) {
        context = given;
        collect(given);
    }

    private void collect(StartContext given) {
        Token untilStop = given.token().untilDrain();
        collecting = given.fork(NAME, () -> collectUntilStopped(untilStop));
    }

    /// The stop that was taken back has ended the collections.
    @Override
    public void resume() {
        StartContext given = context;
        if (given != null) collect(given);
    }

    private void collectUntilStopped(Token untilStop) throws InterruptedException {
        long seen = 0;
        long worthwhileAt = 0; // at first for what lives before this one have left
        while (true) {
            untilStop.pause(interval);
            if (untilStop.isStopping() || untilStop.isCancelled()) return;
            long newest = place.newestManifest().getAsLong();
            boolean isDue = worthwhileAt <= place.env().currentTimeMillis();
            if (newest != seen || isDue) worthwhileAt = collect(untilStop);
            seen = newest;
        }
    }

    // When there is something to come back for.
    private long collect(Token untilStop) throws InterruptedException {
        var collector =
                new Collector(place.store(), place.root(), place.rules(), place.env(), untilStop);
        long start = place.env().nanoTime();
        CollectionReport report = null;
        try {
            report = collector.collect();
            return collector.worthwhileAtMillis();
        } catch (StorageException notNow) {
            LOG.log(System.Logger.Level.DEBUG, "collection ended early: {0}", notNow.getMessage());
            return 0;
        } finally {
            count(report, place.env().nanoTime() - start);
        }
    }

    // One thread at a time, so nothing is lost between the look and the change.
    private void count(@Nullable CollectionReport report, long nanos) {
        DbStats.Collections before = figures.get();
        DbStats.Waits waits = before.waits();
        figures.set(
                new DbStats.Collections(
                        new DbStats.Waits(waits.count() + 1, waits.nanos() + nanos),
                        before.failures() + (report == null ? 1 : 0),
                        report == null ? before.removed() : before.removed().plus(report.removed()),
                        report == null ? before.kept() : report.kept()));
    }

    /// What it has done so far.
    public DbStats.Collections figures() {
        return figures.get();
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        Task task = collecting;
        boolean hasEnded = task == null || task.join(context.deadline());
        return hasEnded
                ? Outcome.done("objects collected", figures.get().removed().all().objects())
                : Outcome.cut("collections", 1);
    }
}
