package dev.holdfast.engine;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.compact.Compactor;
import dev.holdfast.engine.compact.Compactor.ShownTables;
import dev.holdfast.engine.compact.Compactor.WhenFenced;
import dev.holdfast.engine.compact.rows.RowRules;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.lifecycle.StartException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A compactor in a process of its own, beside a writer elsewhere or none at all.
///
/// Thread-safe. The store stays the caller's to close.
///
/// ```java
/// try (StandaloneCompactor compactor = Engine.builder(store, "db").compactor()) {
///     compactor.start();
///     compactor.awaitIdle(Duration.ofHours(1));
/// }
/// ```
public final class StandaloneCompactor implements AutoCloseable {
    private final ManifestStore manifests;
    private final AtomicReference<@Nullable ManifestVersion> known = new AtomicReference<>();
    private final Compactor compactor;
    private final Scope scope;
    private final Env env;
    private final Duration closeTimeout;
    private final String path;
    private final ObjectStore store;
    private final FilterChoice filters;
    private final @Nullable SegmentRules segments;

    /// What it has done since it started.
    ///
    /// @param compactions that were published
    /// @param rowsRead by them
    /// @param tablesWritten by all, also by those that are not over
    /// @param sharing what has come of sharing compactions with workers
    public record Progress(long compactions, long rowsRead, long tablesWritten, Sharing sharing) {}

    /// What has come of sharing compactions with workers.
    ///
    /// @param offered parts, each time
    /// @param byWorkers parts that workers did, or an older compactor, and that were found right
    /// @param reclaimed parts, from workers that fell silent
    /// @param late results of workers that had been given up
    /// @param refused results that were wrong
    /// @param resumed parts that were done before this compactor came
    public record Sharing(
            long offered, long byWorkers, long reclaimed, long late, long refused, long resumed) {}

    StandaloneCompactor(ObjectStore store, String path, Settings settings, Env env) {
        this(new Where(store, path, env, null), settings, RowRules.NONE, FilterChoice.USUAL);
    }

    /// Which database it compacts.
    ///
    /// @param segments how it is cut; null if it is not
    record Where(ObjectStore store, String path, Env env, @Nullable SegmentRules segments) {}

    StandaloneCompactor(Where where, Settings settings, RowRules rules, FilterChoice filters) {
        env = where.env;
        path = where.path;
        store = where.store;
        this.filters = filters;
        segments = where.segments;
        closeTimeout = settings.closeTimeout();
        manifests = new ManifestStore(store, path, env);
        BlockCache cache = EngineMemory.ofWorld(env).cacheFor(settings, env, Token.standalone(env));
        compactor =
                new Compactor(
                        new Compactor.Place(
                                store,
                                path,
                                settings,
                                env,
                                rules,
                                this::newest,
                                ShownTables.none(known::set),
                                cache,
                                WhenFenced.END,
                                filters,
                                segments));
        scope =
                Scope.builder(path.isEmpty() ? "compactor" : "compactor of " + path, env)
                        .add(new StoreHold(cache::close))
                        .add(compactor)
                        .build();
    }

    private ManifestVersion newest() {
        ManifestVersion before = known.get();
        ManifestVersion now = before == null ? manifests.latest() : manifests.newest(before);
        if (now == null) throw new Invalid("no database here. path=`" + path + "`", null);
        known.set(now);
        return now;
    }

    /// Begins. Throws `Invalid` if there is no database, or one that a newer engine has written.
    public void start() {
        requireWritable();
        try {
            scope.start();
        } catch (StartException failed) {
            throw new Unavailable("the compactor did not start", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("starting the compactor was interrupted", interrupted);
        }
    }

    /// Throws `Invalid` if there is no database, or one that a newer engine has written.
    public void requireWritable() {
        try {
            FormatProfile wanted =
                    filters.needsNewerProfile()
                            ? FormatProfile.SLATEDB_0_15
                            : FormatProfile.AS_FOUND;
            StoredProfile.requireWritable(newest(), store, path, wanted, segments);
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    /// Waits until there is nothing left to compact; throws what keeps it from that, or
    /// `Unavailable` after `timeout`.
    public void awaitIdle(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(env, timeout);
        if (compactor.awaitIdle(deadline, Token.standalone(env))) return;
        if (compactor.lastFailure() instanceof StorageException failure) throw failure;
        throw new Unavailable("still compacting after " + timeout, compactor.lastFailure());
    }

    /// What it has done so far.
    public Progress progress() {
        Compactor.Stats stats = compactor.stats();
        Compactor.Sharing sharing = stats.sharing();
        return new Progress(
                stats.compactions(),
                stats.rowsRead(),
                stats.tablesWritten(),
                new Sharing(
                        sharing.offered(),
                        sharing.byWorkers(),
                        sharing.reclaimed(),
                        sharing.late(),
                        sharing.refused(),
                        sharing.resumed()));
    }

    /// Its life, to be adopted by a server's, or stopped.
    public Scope scope() {
        return scope;
    }

    /// Stops at the next rows; what is finished is taken up by the next compactor.
    public ShutdownReport stop(Mode mode, Duration budget) throws InterruptedException {
        return scope.stop(mode, budget, "the compactor is stopped");
    }

    @Override
    public void close() {
        try {
            stop(Mode.SMART, closeTimeout);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("stopping the compactor was interrupted", interrupted);
        }
    }
}
