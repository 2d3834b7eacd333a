package dev.holdfast.engine;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.board.BoardNames;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.compact.PartWorker;
import dev.holdfast.engine.compact.rows.RowRules;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.lifecycle.StartException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A process that works on parts of the compactions of whoever compacts a database, on any machine.
///
/// It publishes nothing and fences nobody: any number may run, and die anywhere. Thread-safe. The
/// store stays the caller's to close.
///
/// ```java
/// var manner = StandaloneWorker.Manner.untilStopped("worker-1");
/// try (StandaloneWorker worker = Engine.builder(store, "db").worker(manner)) {
///     worker.start();
/// }
/// ```
public final class StandaloneWorker implements AutoCloseable {
    private final ObjectStore store;
    private final String path;
    private final Env env;
    private final Duration closeTimeout;
    private final PartWorker worker;
    private final Scope scope;

    /// What it is called, and when it has had enough.
    ///
    /// @param name letters, digits, `.`, `_` and `-`; at most 40
    /// @param idleExit after so long without work `whenIdle` is run; null for never
    public record Manner(String name, @Nullable Duration idleExit, Runnable whenIdle) {
        private static final int NAME_LENGTH_MAX = 40;

        public Manner {
            if (NAME_LENGTH_MAX < name.length() || !BoardNames.isWorker(name))
                throw new Invalid("not a worker's name: `" + name + "`", null);
        }

        /// Works until it is stopped.
        public static Manner untilStopped(String name) {
            return new Manner(name, null, () -> {});
        }
    }

    /// What it has done since it started, in parts of compactions.
    ///
    /// @param givenBack because it was stopped or could not
    /// @param lost because it was given up
    /// @param active that it works on now
    public record Progress(
            long claimed, long done, long givenBack, long lost, long tablesWritten, int active) {}

    /// Which database it works for.
    ///
    /// @param operator combines operands; null if they stay as they are
    record Where(ObjectStore store, String path, Env env, @Nullable MergeOperator operator) {}

    StandaloneWorker(Where where, Settings settings, Manner manner) {
        store = where.store;
        path = where.path;
        env = where.env;
        closeTimeout = settings.closeTimeout();
        BlockCache cache = EngineMemory.ofWorld(env).cacheFor(settings, env, Token.standalone(env));
        Duration idleExit = manner.idleExit();
        worker =
                new PartWorker(
                        new PartWorker.Place(
                                store,
                                path,
                                settings.compaction(),
                                new Sealing(settings.keys(), env),
                                new RowRules(where.operator, null),
                                env,
                                cache,
                                manner.name(),
                                idleExit == null
                                        ? null
                                        : new PartWorker.WhenIdle(idleExit, manner.whenIdle())));
        scope =
                Scope.builder(path.isEmpty() ? "worker" : "worker of " + path, env)
                        .add(new StoreHold(cache::close))
                        .add(worker)
                        .build();
    }

    /// Begins. Throws `Invalid` if there is no database, or one that a newer engine has written.
    public void start() {
        try {
            requireWritable();
            scope.start();
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        } catch (StartException failed) {
            throw new Unavailable("the worker did not start", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("starting the worker was interrupted", interrupted);
        }
    }

    /// Throws `Invalid` if there is no database. How it is cut into segments need not be known:
    /// each order says which tables it is about.
    public void requireWritable() {
        ManifestVersion newest = new ManifestStore(store, path, env).latest();
        if (newest == null) throw new Invalid("no database here. path=`" + path + "`", null);
    }

    /// What it has done so far.
    public Progress progress() {
        PartWorker.Stats stats = worker.stats();
        return new Progress(
                stats.claimed(),
                stats.done(),
                stats.givenBack(),
                stats.lost(),
                stats.tablesWritten(),
                stats.active());
    }

    /// Its life, to be run by a kernel, adopted by a server's, or stopped.
    public Scope scope() {
        return scope;
    }

    /// Stops at the next rows; what it works on is given back with the tables that are finished.
    public ShutdownReport stop(Mode mode, Duration budget) throws InterruptedException {
        return scope.stop(mode, budget, "the worker is stopped");
    }

    @Override
    public void close() {
        try {
            stop(Mode.SMART, closeTimeout);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("stopping the worker was interrupted", interrupted);
        }
    }
}
