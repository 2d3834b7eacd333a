package dev.holdfast.engine.owner;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.local.DatabaseOwner.Hint;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Says now and then what is on the local disk alone, while something is, and at the end of a stop
/// that nothing is, if so. An idle database whose commits are in the store puts nothing.
///
/// Invariant: that a database is drained is said after everything else has persisted, and only if
/// the store then has every commit that the disk has, also those of earlier lives.
///
/// Thread-safe.
public final class OwnershipKeeper implements Component {
    static final String NAME = "ownership";
    static final Duration HINT_MAX = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(OwnershipKeeper.class.getName());
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration HASTE = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(2);

    private final Ownership ownership;
    private final Env env;
    private final Supplier<Hint> unshipped;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final BooleanSupplier isTakenOver;
    private final WaitPoint end;
    private final WaitPoint over;
    private final Token uncut;
    private boolean isEnding; // guarded by `guard`
    private Deadline endBy; // guarded by `guard`
    private boolean isOver; // guarded by `guard`
    private volatile boolean hasSaidDrained;
    private volatile @Nullable Task keeping;

    /// @param unshipped what the loss of the disk would cost now
    /// @param isTakenOver true once that counts what earlier lives left on the disk
    public OwnershipKeeper(
            Ownership ownership, Env env, Supplier<Hint> unshipped, BooleanSupplier isTakenOver) {
        this.ownership = ownership;
        this.env = env;
        this.unshipped = unshipped;
        this.isTakenOver = isTakenOver;
        uncut = Token.standalone(env);
        endBy = Deadline.after(env, INTERVAL);
        end = new WaitPoint(guard, WaitKind.IDLE, "the end of an ownership", "stop");
        over = new WaitPoint(guard, WaitKind.TASK, "the last word of an ownership", "last word");
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
        keeping = context.fork(NAME, () -> keepAndEnd(own));
    }

    private void keepAndEnd(Token own) throws InterruptedException {
        try {
            keepUntilStopped(own);
            if (isTakenOver.getAsBoolean() && isAsked() && unshipped.get().commits() == 0)
                sayDrained();
        } finally {
            guard.lock();
            try {
                isOver = true;
                over.signalAll();
            } finally {
                guard.unlock();
            }
        }
    }

    private void keepUntilStopped(Token own) throws InterruptedException {
        long shipped = unshipped.get().remoteSeq();
        boolean isMoreSaid = false;
        while (!isEnding(own)) {
            Hint now = unshipped.get();
            if (0 < now.commits()) {
                // Who cannot ship cannot tell either: a store that hangs is not asked for more.
                if (shipped < now.remoteSeq()) {
                    isMoreSaid = true;
                    hasTold(now, own);
                }
            } else if (isMoreSaid) isMoreSaid = !hasTold(now, own);
            shipped = now.remoteSeq();
        }
    }

    // False after a while.
    private boolean isEnding(Token own) throws InterruptedException {
        guard.lock();
        try {
            end.await(() -> isEnding, Deadline.after(env, INTERVAL), own);
            return isEnding || own.isCancelled();
        } finally {
            guard.unlock();
        }
    }

    // A stop in haste aborts the component and asks it to stop in one moment.
    private boolean isAsked() throws InterruptedException {
        guard.lock();
        try {
            end.await(() -> isEnding, Deadline.after(env, HASTE), uncut);
            return isEnding;
        } finally {
            guard.unlock();
        }
    }

    private boolean hasTold(Hint hint, Token own) throws InterruptedException {
        try {
            ownership.hint(hint, own);
            return true;
        } catch (Unavailable | ObjectStoreException unanswered) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "no word of what is not shipped: {0}",
                    unanswered.getMessage());
            return false;
        }
    }

    private void sayDrained() {
        try {
            ownership.drained(endBy(), uncut);
            hasSaidDrained = true;
        } catch (Unavailable | ObjectStoreException | InterruptedException unanswered) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "drained, but the store does not know: other nodes will ask. {0}",
                    unanswered.getMessage());
        }
    }

    private Deadline endBy() {
        guard.lock();
        try {
            return endBy;
        } finally {
            guard.unlock();
        }
    }

    /// The store is told that it has everything, or the report that it does not.
    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        if (phase == Phase.PERSIST) return Outcome.done(); // takes part so that nothing cuts it
        boolean isSmart = context.mode() == Mode.SMART;
        endBy(isSmart ? context.deadline() : context.deadline().atMost(HASTE));
        Task task = keeping;
        if (task != null) {
            if (isSmart) task.join(context.deadline()); // until the mode rises
            if (!isOverInHaste(context)) interrupt(task);
        }
        if (hasSaidDrained) return Outcome.done();
        context.remains("local directory that only its own node may leave", 1);
        return Outcome.done();
    }

    private void endBy(Deadline by) {
        guard.lock();
        try {
            isEnding = true;
            endBy = by;
            end.signalAll();
        } finally {
            guard.unlock();
        }
    }

    // The time of a stop in haste may shrink while it is waited for.
    private boolean isOverInHaste(StopContext context) throws InterruptedException {
        Deadline haste = Deadline.after(env, HASTE);
        while (!haste.isExpired() && !context.deadline().isExpired())
            if (isOver(context.deadline().atMost(LOOK))) return true;
        return isOver(Deadline.after(env, Duration.ZERO));
    }

    private boolean isOver(Deadline by) throws InterruptedException {
        guard.lock();
        try {
            over.await(() -> isOver, by, uncut);
            return isOver;
        } finally {
            guard.unlock();
        }
    }

    // A put that is under way is worth a moment, not more.
    private static void interrupt(Task task) {
        Thread thread = task.thread();
        if (!task.isDone() && thread != null) thread.interrupt();
    }
}
