package dev.holdfast.redis.saving;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CheckpointScope;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The saves that clients ask for. Thread-safe; one is under way at a time.
///
/// What was answered is durable without them. A save makes a checkpoint: the data of this moment
/// stays readable under the name [#NAME] for as long as `save-kept` says, whatever is written
/// later.
public final class Saves {
    /// What the checkpoints are called.
    public static final String NAME = "redis-save";

    private static final System.Logger LOG = System.getLogger(Saves.class.getName());
    private static final Duration LOOK = Duration.ofMillis(5);

    private final Env env;
    private final Db db;
    private final Supplier<Duration> kept;
    private final Forks forks;
    private final AtomicReference<@Nullable Work> underWay = new AtomicReference<>();
    private volatile @Nullable Task background;
    private volatile Log last;

    /// Starts threads that belong to the server.
    @FunctionalInterface
    public interface Forks {
        /// Runs `body` on a thread called `name`.
        Task fork(String name, Task.Body body);
    }

    /// What a save may be, by its place in INFO.
    enum Kind {
        /// A checkpoint.
        SAVE,
        /// What is in logs goes into tables.
        REWRITE
    }

    /// A save that is under way.
    record Work(Kind kind, long startedNanos) {}

    /// How the saves before went.
    ///
    /// @param savedSeconds when the last one was made, in seconds since the Unix epoch
    /// @param lastSeconds how long the last one took; -1 before there was any
    public record Log(
            long count, long savedSeconds, long lastSeconds, Outcome save, Outcome rewrite) {}

    /// How a save ended.
    public enum Outcome {
        OK,
        ERR
    }

    /// @param kept how long a checkpoint stays readable
    public Saves(Env env, Db db, Supplier<Duration> kept, Forks forks) {
        this.env = env;
        this.db = db;
        this.kept = kept;
        this.forks = forks;
        this.last = new Log(0, nowSeconds(), -1, Outcome.OK, Outcome.OK);
    }

    /// How the saves before went.
    public Log last() {
        return last;
    }

    /// True while a checkpoint is being made.
    public boolean isSaving() {
        Work work = underWay.get();
        return work != null && work.kind == Kind.SAVE;
    }

    /// True while logs go into tables.
    public boolean isRewriting() {
        Work work = underWay.get();
        return work != null && work.kind == Kind.REWRITE;
    }

    /// How long what is under way has taken, in seconds; -1 if nothing is.
    public long secondsUnderWay() {
        Work work = underWay.get();
        return work == null ? -1 : secondsSince(work);
    }

    /// Waits until what is under way in the background is over. False if the deadline passed, or if
    /// the token was cancelled.
    public boolean join(Deadline deadline, Token token) throws InterruptedException {
        Task task = background;
        while (task != null && !task.join(Deadline.after(env, LOOK)))
            if (deadline.isExpired() || token.isCancelled()) return false;
        return true;
    }

    /// Brings all that was committed into tables of the store, as the end of a stop does. False if
    /// that did not succeed until the deadline, or until the token was cancelled; it may still
    /// succeed then.
    public boolean secure(Deadline deadline, Token token) throws InterruptedException {
        boolean isBegun = false;
        while (!deadline.isExpired()) {
            boolean isFree = underWay.get() == null;
            if (isFree && isBegun) return last.rewrite == Outcome.OK;
            if (isFree) isBegun = startBeside();
            if (token.pause(LOOK) == WaitResult.CANCELLED) return false;
        }
        return false;
    }

    /// Does it now. False if another one is under way. Throws what kept it from being done.
    boolean run(Kind kind) {
        Work work = begin(kind);
        if (work == null) return false;
        finish(work);
        return true;
    }

    /// Does it on a thread of its own. False if another one is under way.
    boolean start(Kind kind) {
        Work work = begin(kind);
        if (work == null) return false;
        background = forks.fork("redis save", () -> finishAloud(work));
        return true;
    }

    // A stop lets the server start no more tasks. It ends with the database's calls at the latest.
    private boolean startBeside() {
        Work work = begin(Kind.REWRITE);
        if (work == null) return false;
        env.start("redis save before a stop", () -> finishAloud(work));
        return true;
    }

    private @Nullable Work begin(Kind kind) {
        var work = new Work(kind, env.nanoTime());
        return underWay.compareAndSet(null, work) ? work : null;
    }

    private void finishAloud(Work work) {
        try {
            finish(work);
        } catch (StorageException failure) {
            LOG.log(System.Logger.Level.WARNING, "save failed. kind=`" + work.kind + "`", failure);
        }
    }

    private void finish(Work work) {
        boolean isDone = false;
        try {
            switch (work.kind) {
                case SAVE -> checkpoint();
                case REWRITE -> db.flushMemtables();
            }
            isDone = true;
        } finally {
            note(work, isDone ? Outcome.OK : Outcome.ERR);
            underWay.set(null);
        }
    }

    private void checkpoint() {
        if (db instanceof HoldfastDb whole)
            whole.checkpoint(
                    CheckpointScope.ALL, CheckpointOptions.lasting(kept.get()).named(NAME));
        else db.flush();
    }

    private void note(Work work, Outcome outcome) {
        Log before = last;
        last =
                switch (work.kind) {
                    case SAVE ->
                            new Log(
                                    before.count + (outcome == Outcome.OK ? 1 : 0),
                                    outcome == Outcome.OK ? nowSeconds() : before.savedSeconds,
                                    secondsSince(work),
                                    outcome,
                                    before.rewrite);
                    case REWRITE ->
                            new Log(
                                    before.count,
                                    before.savedSeconds,
                                    before.lastSeconds,
                                    before.save,
                                    outcome);
                };
    }

    private long secondsSince(Work work) {
        return TimeUnit.NANOSECONDS.toSeconds(env.nanoTime() - work.startedNanos);
    }

    private long nowSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(env.currentTimeMillis());
    }
}
