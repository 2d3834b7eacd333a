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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Says now and then what is on the local disk alone, while something is, and at the end of a stop
/// that nothing is, if so. An idle database whose commits are in the store puts nothing.
///
/// Invariant: that a database is drained is said after everything else has persisted, and only if
/// the store then has every commit that the disk has.
///
/// Thread-safe.
public final class OwnershipKeeper implements Component {
    static final String NAME = "ownership";
    static final Duration HINT_MAX = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(OwnershipKeeper.class.getName());
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration HASTE = Duration.ofMillis(200);

    private final Ownership ownership;
    private final Env env;
    private final Supplier<Hint> unshipped;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint end;
    private boolean isEnding; // guarded by `guard`
    private Deadline endBy; // guarded by `guard`
    private volatile boolean hasSaidDrained;
    private volatile @Nullable Task keeping;

    /// @param unshipped what the loss of the disk would cost now
    public OwnershipKeeper(Ownership ownership, Env env, Supplier<Hint> unshipped) {
        this.ownership = ownership;
        this.env = env;
        this.unshipped = unshipped;
        endBy = Deadline.after(env, INTERVAL);
        end = new WaitPoint(guard, WaitKind.IDLE, "the end of an ownership", "stop");
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
        return Set.of(Phase.HANDOFF);
    }

    @Override
    public void start(StartContext context) {
        Token own = context.token();
        keeping = context.fork(NAME, () -> keepUntilStopped(own));
    }

    private void keepUntilStopped(Token own) throws InterruptedException {
        long shipped = unshipped.get().remoteSeq();
        while (!isEnding(own)) {
            Hint now = unshipped.get();
            // Who cannot ship cannot tell either: a store that hangs is not asked for more.
            if (shipped < now.remoteSeq() && 0 < now.commits()) tell(now, own);
            shipped = now.remoteSeq();
        }
        if (!own.isCancelled() && unshipped.get().commits() == 0) sayDrained(own);
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

    private void tell(Hint hint, Token own) throws InterruptedException {
        try {
            ownership.hint(hint, own);
        } catch (Unavailable | ObjectStoreException unanswered) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "no word of what is not shipped: {0}",
                    unanswered.getMessage());
        }
    }

    private void sayDrained(Token own) throws InterruptedException {
        try {
            ownership.drained(endBy(), own);
            hasSaidDrained = true;
        } catch (Unavailable | ObjectStoreException unanswered) {
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
        Deadline by =
                context.mode() == Mode.SMART
                        ? context.deadline()
                        : context.deadline().atMost(HASTE);
        guard.lock();
        try {
            isEnding = true;
            endBy = by;
            end.signalAll();
        } finally {
            guard.unlock();
        }
        Task task = keeping;
        if (task != null) task.join(by);
        if (hasSaidDrained) return Outcome.done();
        context.remains("local directory that only its own node may leave", 1);
        return Outcome.done();
    }
}
