package dev.holdfast.engine.change;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.StreamMark;
import dev.holdfast.engine.manifest.WalStoreRule;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A stream of changes that somebody reads: a walk along the log, and the name that keeps it there.
///
/// One thread at a time, but for [#close].
public final class OpenChanges implements ChangeStream {
    private static final System.Logger LOG = System.getLogger(OpenChanges.class.getName());

    private final Place place;
    private final Settings settings;
    private final Env env;
    private final Token token;
    private final LogWalk walk;
    private final @Nullable Registration registration;
    private final ArrayDeque<Batch> pending = new ArrayDeque<>(); // of one log object
    private volatile Position position;

    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over I/O
    private final WaitPoint turn;
    private volatile boolean isClosed; // written under `guard`
    private boolean isReading; // guarded by `guard`

    private OpenChanges(
            Place place,
            Settings settings,
            Token token,
            LogWalk walk,
            @Nullable Registration registration) {
        this.place = place;
        this.settings = settings;
        this.token = token;
        this.walk = walk;
        this.registration = registration;
        env = place.env();
        position = walk.at();
        turn = new WaitPoint(guard, WaitKind.REMOTE, "the next commit", "writer");
    }

    /// Opens. Throws `Invalid` if there is no database, no such place, or where a writer leaves
    /// commits out of the log; `Unavailable` if the store does not answer.
    public static OpenChanges open(Place place, Settings settings, Token token)
            throws InterruptedException {
        try {
            return opened(place, settings, token);
        } catch (ObjectStoreException failure) {
            throw new Unavailable("changes not opened: " + failure.getMessage(), failure);
        }
    }

    private static OpenChanges opened(Place place, Settings settings, Token token)
            throws InterruptedException {
        String name = settings.name();
        if (name != null && !StreamMark.isName(name))
            throw new Invalid("not a name of a consumer: `" + name + "`", null);
        ManifestVersion before = newestIn(place);
        Position from = from(settings, before);
        if (isKept(settings) && from != null)
            new LogWalk(place, token, before, null, from).requireWithinLog();
        Registration registration =
                name == null ? null : Registration.take(place, token, name, from, settings.lease());
        ManifestVersion newest = newestIn(place);
        Position at = from;
        if (settings.start() instanceof Start.Now) at = new LogEnds(place, token, newest).end();
        if (settings.start() instanceof Start.Oldest)
            at = new LogEnds(place, token, newest).begin();
        Position begin = requireNonNull(at);
        if (registration != null) registration.moveTo(begin);
        var walk = new LogWalk(place, token, newest, registration, begin);
        return new OpenChanges(place, settings, token, walk, registration);
    }

    private static boolean isKept(Settings settings) {
        return settings.start() instanceof Start.At
                || settings.start() instanceof Start.Acknowledged;
    }

    // From where on the log must stay while the place is looked for; null for the end of the
    // tables.
    private static @Nullable Position from(Settings settings, ManifestVersion newest) {
        return switch (settings.start()) {
            case Start.Now _ -> null;
            case Start.Oldest _ -> new Position(1, 0);
            case Start.At(Position position) -> position;
            case Start.Acknowledged _ -> {
                String name = settings.name();
                StreamMark mark = name == null ? null : Registration.markIn(newest, name);
                if (mark == null)
                    throw new Invalid("nothing was acknowledged. name=`" + name + "`", null);
                yield new Position(mark.walId(), mark.seq());
            }
        };
    }

    private static ManifestVersion newestIn(Place place) {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        ManifestVersion newest = manifests.latest();
        if (newest == null)
            throw new Invalid("no database here. path=`" + place.root() + "`", null);
        WalStoreRule.require(newest, place.store(), place.root());
        return newest;
    }

    @Override
    public @Nullable Batch next(Duration timeout) throws InterruptedException {
        enter();
        try {
            return nextBy(Deadline.after(env, timeout));
        } catch (ObjectStoreException failure) {
            throw new Unavailable("log not readable: " + failure.getMessage(), failure);
        } finally {
            leave();
        }
    }

    private @Nullable Batch nextBy(Deadline deadline) throws InterruptedException {
        Duration pause = settings.pollInterval();
        while (true) {
            keep();
            Batch batch = pending.poll();
            if (batch != null) {
                position = batch.next();
                return batch;
            }
            List<Batch> more = walk.next();
            if (more != null) {
                pending.addAll(more);
                pause = settings.pollInterval();
                if (more.isEmpty()) position = walk.at();
                continue;
            }
            if (deadline.isExpired()) return null;
            awaitTurn(deadline.atMost(pause));
            pause = longer(pause);
        }
    }

    private Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        Duration max = settings.pollIntervalMax();
        return twice.compareTo(max) < 0 ? twice : max;
    }

    private void keep() throws InterruptedException {
        if (registration != null) registration.renewIfDue(walk.newest());
    }

    private void awaitTurn(Deadline deadline) throws InterruptedException {
        guard.lock();
        try {
            turn.await(() -> isClosed, deadline, token);
        } finally {
            guard.unlock();
        }
        requireOpen();
    }

    private void enter() {
        guard.lock();
        try {
            requireOpen();
            if (isReading) throw new IllegalStateException("a stream is read by one thread");
            isReading = true;
        } finally {
            guard.unlock();
        }
    }

    private void leave() {
        guard.lock();
        try {
            isReading = false;
            turn.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void requireOpen() {
        if (isClosed) throw new Closed(Closed.Reason.CLEAN, "the stream is closed", null);
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public void acknowledge(Position through) {
        enter();
        try {
            if (registration == null)
                throw new Invalid("a stream without a name has nothing to acknowledge to", null);
            registration.moveTo(through);
        } finally {
            leave();
        }
    }

    @Override
    public @Nullable Instant keptUntil() {
        return registration == null ? null : Instant.ofEpochMilli(registration.keptUntilMillis());
    }

    @Override
    public void forget() {
        try {
            if (isEnded() && registration != null) registration.forget(walk.newest());
        } catch (ObjectStoreException failure) {
            throw new Unavailable("not forgotten: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("not forgotten, it was interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        try {
            if (isEnded() && registration != null) registration.leave(walk.newest());
        } catch (ObjectStoreException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the last place was not kept: {0}",
                    failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // False if it had ended before, or if whoever reads does not come back in time.
    private boolean isEnded() throws InterruptedException {
        guard.lock();
        try {
            if (isClosed) return false;
            isClosed = true;
            turn.signalAll();
            turn.await(() -> !isReading, Deadline.after(env, place.patience()), token);
            return !isReading;
        } finally {
            guard.unlock();
        }
    }
}
