package dev.holdfast.engine.ship;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.LocalStatus.Uploads;
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
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Tells, while a stop in order waits for the object store to have everything, how far that is: a
/// line now and then.
///
/// Invariant: what is done only rises, and so does what there is to do in all: where more comes
/// while the last calls end, it is added to both sides.
///
/// Thread-safe. It takes part in a stop from the first phase to HANDOFF, by which all has
/// persisted.
public final class DrainNews implements Component {
    private static final String NAME = "drain-news";
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Env env;
    private final UploadScheduler uploads;
    private final LongSupplier bytesLeft;
    private final Consumer<String> listener;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments
    private final WaitPoint end;
    private boolean isOver; // guarded by `guard`
    private volatile @Nullable Task telling;

    /// @param bytesLeft of rows that the object store does not have
    /// @param listener is told each line
    public DrainNews(
            Env env, UploadScheduler uploads, LongSupplier bytesLeft, Consumer<String> listener) {
        this.env = env;
        this.uploads = uploads;
        this.bytesLeft = bytesLeft;
        this.listener = listener;
        end = new WaitPoint(guard, WaitKind.IDLE, "a stop", "stop");
    }

    /// How far a stop is.
    ///
    /// @param done bytes of rows that the store got since it began
    /// @param eta null if nothing has gone lately
    private record Progress(long done, long left, @Nullable Duration eta) {}

    /// One stop, from its first look on.
    private final class Drain {
        private final Throughput throughput = new Throughput(env.nanoTime());
        private long left = bytesLeft.getAsLong();
        private long done;

        Progress look() {
            long now = bytesLeft.getAsLong();
            long shipped = Math.max(0, left - now);
            throughput.sent(shipped, env.nanoTime());
            done += shipped;
            left = now;
            return new Progress(done, left, throughput.timeFor(left, env.nanoTime()));
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
        return Set.of(Phase.PERSIST, Phase.HANDOFF);
    }

    @Override
    public void start(StartContext context) {
        Token own = context.token();
        telling = context.fork(NAME, () -> tellUntilOver(own));
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        if (phase == Phase.PERSIST) return Outcome.done(); // it goes on until all are through
        guard.lock();
        try {
            isOver = true;
            end.signalAll();
        } finally {
            guard.unlock();
        }
        Task task = telling;
        if (task != null) task.join(context.deadline());
        return Outcome.done();
    }

    // A stop may be taken back, and another one begin: what counts is the present epoch.
    private void tellUntilOver(Token own) throws InterruptedException {
        while (!isCut(own.renewed())) {
            Token present = own.renewed();
            if (present.isStopping()) tellWhileStopping(own);
            else awaitOver(IDLE, present.untilDrain());
        }
    }

    private void tellWhileStopping(Token own) throws InterruptedException {
        var drain = new Drain();
        Token present = own.renewed();
        while (present.isStopping() && !isCut(present)) {
            awaitOver(INTERVAL, present);
            present = own.renewed();
            if (present.isStopping() && !isCut(present)) tell(drain.look());
        }
    }

    private void awaitOver(Duration patience, Token until) throws InterruptedException {
        guard.lock();
        try {
            end.await(() -> isOver, Deadline.after(env, patience), until);
        } finally {
            guard.unlock();
        }
    }

    private boolean isCut(Token token) {
        guard.lock();
        try {
            return isOver || token.isCancelled();
        } finally {
            guard.unlock();
        }
    }

    private void tell(Progress progress) {
        Uploads now = uploads.report();
        if (progress.left == 0 && now.count() == 0) return;
        listener.accept(
                "draining. bytes done=`%d` of `%d`, uploads waiting=`%d`, done=`%d`, eta=`%s`%s"
                        .formatted(
                                progress.done,
                                progress.done + progress.left,
                                now.count(),
                                now.done(),
                                progress.eta == null ? "unknown" : progress.eta,
                                now.parkedWhy().isEmpty()
                                        ? ""
                                        : ", refused=`" + now.parkedWhy() + "`"));
    }
}
