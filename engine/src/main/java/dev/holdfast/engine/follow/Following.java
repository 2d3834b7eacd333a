package dev.holdfast.engine.follow;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.follow.Follower.Reached;
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
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps what a reader shows near the newest moment: looks at the store now and then, ever more
/// seldom while nothing changes, at once where somebody waits.
///
/// Invariants:
/// 1. The moment shown only moves forward.
/// 2. A failed look takes nothing away: the last moment stays, and grows older.
/// 3. Nobody who reads waits for the store because of a look.
///
/// Thread-safe.
public final class Following implements Source {
    /// The name of the component and of its task.
    public static final String NAME = "follower";

    private static final Duration LOOK_MAX = Duration.ofSeconds(30);
    private static final System.Logger LOG = System.getLogger(Following.class.getName());

    private final Place place;
    private final Env env;
    private final Ending ending;
    private final Token token;
    private final Follower follower;
    private volatile Moment shown;

    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over I/O
    private final WaitPoint turn;
    private final WaitPoint looked;

    // All guarded by `guard`.
    private long begun;
    private long ended;
    private long failed;
    private long waiters;
    private boolean isAsked;
    private boolean isDoubted;
    private boolean isBehind;
    private boolean hasSeenTheEnd;
    private long asOfNanos; // only if the end was seen
    private @Nullable StorageException trouble;

    private volatile @Nullable StartContext context;
    private volatile @Nullable Task task;

    /// Begins at the tables of the newest manifest. Throws `Invalid` if there is no database.
    ///
    /// @param token of the scope to come
    public Following(Place place, Ending ending, Token token) {
        this.place = place;
        this.ending = ending;
        this.token = token;
        env = place.env();
        turn = new WaitPoint(guard, WaitKind.IDLE, "the next look at the store", "readers");
        looked = new WaitPoint(guard, WaitKind.REMOTE, "a look at the store", NAME);
        follower = Follower.atNewest(place, token, this::show);
        shown = follower.moment();
    }

    /// The first looks: what was durable before is shown afterwards, as far as memory goes.
    public void open() throws InterruptedException {
        Deadline deadline = Deadline.after(env, place.patience());
        Reached reached = null;
        while (reached == null || (reached == Reached.MOVING && !deadline.isExpired())) {
            reached = look();
            StorageException failure = troubleNow();
            boolean mayPass = failure instanceof Unavailable && !deadline.isExpired();
            if (failure != null && !mayPass) throw failure;
            if (failure != null) token.pause(place.settings().pollInterval());
        }
    }

    private @Nullable StorageException troubleNow() {
        guard.lock();
        try {
            return trouble;
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
        return Set.of(Phase.QUIESCE);
    }

    @Override
    public void start(StartContext given) {
        context = given;
        ending.listen(this::wakeAll);
        fork(given);
    }

    /// The stop that was taken back has ended the looks.
    @Override
    public void resume() {
        StartContext given = context;
        if (given != null) fork(given);
    }

    private void fork(StartContext given) {
        Token untilStop = given.token().untilDrain();
        task = given.fork(NAME, ending.guarding(() -> follow(untilStop)));
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        Task running = task;
        boolean hasEnded = running == null || running.join(context.deadline());
        return hasEnded ? Outcome.done() : Outcome.cut("looks at the store", 1);
    }

    private void follow(Token untilStop) throws InterruptedException {
        Duration interval = place.settings().pollInterval();
        Duration pause = interval;
        while (awaitTurn(pause, untilStop)) {
            Moment before = shown;
            look();
            boolean isIdle = before == shown && !isAwaited();
            pause = isIdle ? longer(pause) : interval;
        }
    }

    private Duration longer(Duration pause) {
        Duration max = place.settings().pollIntervalMax();
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(max) < 0 ? twice : max;
    }

    // False once it is over.
    private boolean awaitTurn(Duration pause, Token untilStop) throws InterruptedException {
        guard.lock();
        try {
            turn.await(() -> isAsked, Deadline.after(env, pause), untilStop);
            isAsked = false;
            return !untilStop.isCancelled() && !ending.isReached();
        } finally {
            guard.unlock();
        }
    }

    private boolean isAwaited() {
        guard.lock();
        try {
            return 0 < waiters;
        } finally {
            guard.unlock();
        }
    }

    // Null if it came to nothing.
    private @Nullable Reached look() throws InterruptedException {
        long startNanos = env.nanoTime();
        boolean isThorough;
        guard.lock();
        try {
            begun++;
            isThorough = isDoubted;
            isDoubted = false;
        } finally {
            guard.unlock();
        }
        try {
            Reached reached = isThorough ? follower.lookAround() : follower.look();
            note(reached, startNanos);
            return reached;
        } catch (Unavailable | CorruptData failure) {
            noteFailure(failure);
            return null;
        }
    }

    private void note(Reached reached, long startNanos) {
        guard.lock();
        try {
            ended++;
            trouble = null;
            isBehind = reached == Reached.MEMORY;
            if (reached == Reached.END) {
                asOfNanos = startNanos;
                hasSeenTheEnd = true;
            }
            looked.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void noteFailure(StorageException failure) {
        boolean isNew;
        guard.lock();
        try {
            ended++;
            failed++;
            isNew = trouble == null;
            trouble = failure;
            looked.signalAll();
        } finally {
            guard.unlock();
        }
        if (isNew)
            LOG.log(
                    System.Logger.Level.WARNING,
                    "not followed, the last moment stays. cause=`{0}`",
                    failure.getMessage());
    }

    private void show(Moment later) {
        shown = later;
        wakeAll();
    }

    private void wakeAll() {
        guard.lock();
        try {
            looked.signalAll();
            if (ending.isReached()) isAsked = true;
            turn.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void ask() {
        isAsked = true;
        turn.signalAll();
    }

    @Override
    public Moment current() {
        ending.check();
        Duration max = place.settings().stalenessMax();
        if (max.isPositive()) requireYoung(max);
        return shown;
    }

    private void requireYoung(Duration max) {
        DbReader.Status status = status();
        if (status.age().compareTo(max) <= 0) return;
        String what =
                "what is shown may be too old. age=`%s`, max=`%s`, trouble=`%s`"
                        .formatted(status.age(), max, status.trouble());
        StorageException cause = troubleNow();
        if (cause instanceof CorruptData) throw new CorruptData(what, cause);
        throw new Unavailable(what, cause);
    }

    @Override
    public StorageException explain(Moment met, CorruptData missing) throws InterruptedException {
        if (!met.needsMoreThan(shown)) awaitLook();
        ending.check();
        if (met.needsMoreThan(shown))
            return new Conflict(
                    "what is read was replaced and collected meanwhile, take a new view. seq=`%d`"
                            .formatted(met.seq()));
        StorageException failure = troubleNow();
        if (failure == null) return missing;
        return new Unavailable("a table is missing, and the manifest is not seen", failure);
    }

    // One that begins from now on.
    private void awaitLook() throws InterruptedException {
        guard.lock();
        try {
            long awaited = begun + 1;
            isDoubted = true;
            ask();
            looked.await(
                    () -> awaited <= ended || ending.isReached(),
                    Deadline.after(env, LOOK_MAX),
                    token);
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void awaitSeq(long seq, Duration timeout) throws InterruptedException {
        if (seq <= shown.seq()) return;
        guard.lock();
        try {
            waiters++;
            ask();
            looked.await(
                    () -> seq <= shown.seq() || ending.isReached(),
                    Deadline.after(env, timeout),
                    token);
        } finally {
            waiters--;
            guard.unlock();
        }
        ending.check();
        if (shown.seq() < seq)
            throw new Unavailable(
                    "not shown yet. seq=`%d`, shown=`%d`".formatted(seq, shown.seq()),
                    troubleNow());
    }

    @Override
    public DbReader.Status status() {
        guard.lock();
        try {
            Moment now = shown;
            Duration age =
                    hasSeenTheEnd
                            ? Duration.ofNanos(Math.max(0, env.nanoTime() - asOfNanos))
                            : ChronoUnit.FOREVER.getDuration();
            return new DbReader.Status(
                    now.version().id(),
                    now.walId(),
                    now.seq(),
                    age,
                    now.view().memtableBytes(),
                    ended,
                    failed,
                    isBehind,
                    null,
                    trouble == null ? null : trouble.getMessage());
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void release() {
        follower.close();
    }
}
