package dev.holdfast.engine.follow;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Closed.Reason;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.wal.Ending;
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
import org.jspecify.annotations.Nullable;

/// Stays at the moment of one checkpoint. One of its own it extends while it is open, and gives up
/// when it is closed.
///
/// Invariant: once the checkpoint is known to be gone nothing is shown any more. Until then what is
/// shown is right: what a table's name stands for never changes. Thread-safe.
public final class Pinned implements Source {
    /// The name of the component and of its task.
    public static final String NAME = "checkpoint-keeper";

    private static final int EXTENSIONS = 3; // within one lifetime
    private static final int RETRIES = 10; // within one pause
    private static final System.Logger LOG = System.getLogger(Pinned.class.getName());

    private final Place place;
    private final Env env;
    private final Ending ending;
    private final Pin pin;
    private final long sinceNanos;

    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over I/O
    private final WaitPoint turn;

    // All guarded by `guard`.
    private boolean isClosing;
    private boolean isGivenUp;
    private long looks;
    private long failed;
    private @Nullable StorageException trouble;

    private volatile @Nullable Task task;

    /// Shows what `pin` holds.
    public Pinned(Place place, Ending ending, Pin pin) {
        this.place = place;
        this.ending = ending;
        this.pin = pin;
        env = place.env();
        sinceNanos = pin.atNanos();
        turn = new WaitPoint(guard, WaitKind.IDLE, "a checkpoint to be extended", "readers");
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
    public void start(StartContext context) {
        if (!pin.isOwn()) return;
        Token token = context.token();
        task = context.fork(NAME, ending.guarding(() -> keep(token)));
    }

    /// Gives the checkpoint up, if it is our own: whoever read has ended by now.
    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        Task running = task;
        if (running == null) return Outcome.done();
        close();
        boolean isOver = running.join(context.deadline());
        guard.lock();
        try {
            return isOver && isGivenUp ? Outcome.done() : Outcome.cut("checkpoints to give up", 1);
        } finally {
            guard.unlock();
        }
    }

    private void close() {
        guard.lock();
        try {
            isClosing = true;
            turn.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void keep(Token token) throws InterruptedException {
        Duration pause = pin.lifetime().dividedBy(EXTENSIONS);
        Duration next = pause;
        while (!awaitClose(next, token)) {
            if (token.isCancelled()) return;
            next = extend(token) ? pause : pause.dividedBy(RETRIES);
            if (ending.isReached()) return;
        }
        giveUp(token);
    }

    // True if it is to be given up.
    private boolean awaitClose(Duration pause, Token token) throws InterruptedException {
        guard.lock();
        try {
            turn.await(() -> isClosing, Deadline.after(env, pause), token);
            return isClosing;
        } finally {
            guard.unlock();
        }
    }

    private boolean extend(Token token) throws InterruptedException {
        try {
            if (pin.extend(token)) return note(null);
            ending.fail(lost(null));
            return note(null);
        } catch (Unavailable | CorruptData notNow) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "checkpoint not extended yet: {0}",
                    notNow.getMessage());
            return note(notNow);
        }
    }

    private boolean note(@Nullable StorageException failure) {
        guard.lock();
        try {
            looks++;
            if (failure != null) failed++;
            trouble = failure;
            return failure == null;
        } finally {
            guard.unlock();
        }
    }

    private void giveUp(Token token) throws InterruptedException {
        try {
            pin.giveUp(token);
        } catch (Unavailable | CorruptData notNow) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a reader's checkpoint ends by itself. checkpoint=`{0}`, cause=`{1}`",
                    pin.id(),
                    notNow.getMessage());
            return;
        }
        guard.lock();
        try {
            isGivenUp = true;
        } finally {
            guard.unlock();
        }
    }

    @Override
    public Moment current() {
        ending.check();
        return pin.moment();
    }

    @Override
    public StorageException explain(Moment met, CorruptData missing) {
        ending.check();
        if (pin.isThere()) return missing;
        ending.fail(lost(missing));
        return lost(missing);
    }

    private Closed lost(@Nullable CorruptData missing) {
        return new Closed(
                Reason.EXPIRED, "the checkpoint has ended. checkpoint=`" + pin.id() + "`", missing);
    }

    @Override
    public void awaitSeq(long seq, Duration timeout) {
        if (pin.moment().seq() < seq)
            throw new Unavailable(
                    "this reader stays where it is. seq=`%d`, shown=`%d`"
                            .formatted(seq, pin.moment().seq()),
                    null);
    }

    @Override
    public DbReader.Status status() {
        guard.lock();
        try {
            Moment shown = pin.moment();
            return new DbReader.Status(
                    shown.version().id(),
                    shown.walId(),
                    shown.seq(),
                    Duration.ofNanos(Math.max(0, env.nanoTime() - sinceNanos)),
                    shown.view().memtableBytes(),
                    looks,
                    failed,
                    false,
                    pin.id(),
                    trouble == null ? null : trouble.getMessage());
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void release() {
        pin.close();
    }
}
