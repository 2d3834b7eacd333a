package dev.holdfast.engine.tier;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.api.LocalStatus.Exposure;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Gives back the segments whose commits are in tables, keeps one file in reserve, and lets go of
/// the directory at the very end.
///
/// Invariant: a segment goes only when a manifest that was published names tables with everything
/// in it.
final class SegmentKeeper implements Component {
    static final String NAME = "local-segments";

    private static final System.Logger LOG = System.getLogger(SegmentKeeper.class.getName());
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final LocalHome home;
    private final LocalLog log;
    private final Env env;
    private final LongSupplier publishedSeq;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint work;
    private volatile @Nullable SegmentFiles files;
    private volatile @Nullable LogWriter writer;
    private volatile @Nullable Task keeping;
    private boolean hasWork; // guarded by `guard`
    private boolean isStopping; // guarded by `guard`

    /// @param publishedSeq the last commit in tables that the newest published manifest names
    SegmentKeeper(LocalHome home, LocalLog log, LongSupplier publishedSeq) {
        this.home = home;
        this.log = log;
        this.publishedSeq = publishedSeq;
        env = home.env();
        work = new WaitPoint(guard, WaitKind.IDLE, "segments to give back", "memtable-flusher");
    }

    /// Keeps these from now on.
    void begin(SegmentFiles segments, LogWriter logWriter) {
        files = segments;
        writer = logWriter;
        nudge();
    }

    /// Something was published.
    void nudge() {
        guard.lock();
        try {
            hasWork = true;
            work.signalAll();
        } finally {
            guard.unlock();
        }
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
        return Set.of(Phase.QUIESCE, Phase.RELEASE);
    }

    @Override
    public void start(StartContext context) {
        Token own = context.token();
        keeping = context.fork(NAME, () -> keepUntilStopped(own));
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        if (phase == Phase.RELEASE) return released(context);
        end();
        Task task = keeping;
        if (task != null) task.join(context.deadline());
        return Outcome.done();
    }

    private void end() {
        guard.lock();
        try {
            isStopping = true;
            work.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void keepUntilStopped(Token own) throws InterruptedException {
        while (isAskedTo(own)) {
            try {
                keep();
            } catch (DiskException broken) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "segments of the local log not given back: {0}",
                        broken.getMessage());
                nudge();
                own.untilDrain().pause(RETRY);
            }
        }
    }

    private void keep() throws DiskException {
        SegmentFiles segments = files;
        if (segments == null) return;
        segments.trim(publishedSeq.getAsLong());
        segments.prepare();
    }

    private boolean isAskedTo(Token own) throws InterruptedException {
        guard.lock();
        try {
            while (!isStopping && !own.isCancelled()) {
                if (hasWork) {
                    hasWork = false;
                    return true;
                }
                work.await(() -> hasWork || isStopping, Deadline.after(env, IDLE), own);
            }
            return false;
        } finally {
            guard.unlock();
        }
    }

    // Everything else has ended. What is in tables goes; the rest is for the next start.
    private Outcome released(StopContext context) {
        SegmentFiles segments = files;
        LogWriter last = writer;
        try {
            // The writer is the committer's alone as long as that runs.
            if (segments != null && last != null && !log.isCommitting()) {
                long published = publishedSeq.getAsLong();
                if (last.isPresentCoveredBy(published)) last.end();
                segments.trim(published);
                last.end();
            }
        } catch (DiskException broken) {
            home.close();
            return Outcome.failed("segments of the local log", broken);
        } finally {
            reportRemains(context);
        }
        return Outcome.cut(
                "calls to the local disk, which stays held until they end", home.letGo());
    }

    private void reportRemains(StopContext context) {
        long commits = log.forcedSeq() - log.durableSeq();
        if (commits <= 0) return;
        Exposure exposure = log.exposure();
        context.remains("commits on the local disk alone", commits);
        context.remains("bytes on the local disk alone", exposure.bytes());
    }
}
