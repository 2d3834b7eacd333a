package dev.holdfast.objectstore.retry;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Repeats calls that were not answered, with pauses drawn at random up to a doubling bound.
///
/// Invariants:
/// 1. A call that is refused or invalid is not repeated.
/// 2. After one attempt ended unknown, a put never ends as failed: only as stored, as taken by
///    another, or as unknown.
/// 3. "The name is taken" after an unknown attempt is settled by the put id alone. Where the store
///    keeps none it stays unknown: the caller can read the object and knows what proves ownership,
///    equal bytes in general do not.
public final class RetryingStore implements ObjectStore {
    private static final System.Logger LOG = System.getLogger(RetryingStore.class.getName());

    private static final int NOTABLE = 5; // failures of one call before an operator hears of it

    private final ObjectStore inner;
    private final RetryPolicy policy;
    private final Env env;

    public RetryingStore(ObjectStore inner, RetryPolicy policy, Env env) {
        this.inner = inner;
        this.policy = policy;
        this.env = env;
    }

    @Override
    public @Nullable Bytes get(String name) {
        return repeat("get", name, () -> inner.get(name));
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return repeat("get", name, () -> inner.get(name, offset, length));
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return putRepeatedly("put", name, () -> inner.put(name, parts), null);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return putRepeatedly(
                "putIfAbsent", name, () -> inner.putIfAbsent(name, parts, putId), putId);
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return repeat("head", name, () -> inner.head(name));
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        List<ObjectMeta> page = repeat("list", prefix, () -> inner.list(prefix, after, limit));
        return java.util.Objects.requireNonNull(page);
    }

    @Override
    public void delete(String name) {
        repeat(
                "delete",
                name,
                () -> {
                    inner.delete(name);
                    return null;
                });
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public void close() {
        inner.close();
    }

    private <T> @Nullable T repeat(String what, String name, Supplier<@Nullable T> call) {
        var patience = new Patience(what, name);
        while (true) {
            try {
                T answer = call.get();
                patience.answered();
                return answer;
            } catch (Unavailable failure) {
                if (!patience.pauseAfter(failure)) throw failure;
            }
        }
    }

    private PutResult putRepeatedly(
            String what, String name, Supplier<PutResult> call, @Nullable Ulid putId) {
        var patience = new Patience(what, name);
        Unknown unknown = null;
        while (true) {
            RuntimeException failure;
            try {
                switch (call.get()) {
                    case Stored stored -> {
                        patience.answered();
                        return stored;
                    }
                    case AlreadyExists taken -> {
                        return unknown == null ? taken : settle(name, unknown, putId);
                    }
                    case Unknown lost -> unknown = lost;
                }
                failure = unknown.cause();
            } catch (Unavailable unavailable) {
                failure = unavailable;
            } catch (ObjectStoreException refusedOrInvalid) {
                if (unknown == null) throw refusedOrInvalid;
                return unknown;
            }
            if (patience.pauseAfter(failure)) continue;
            if (unknown != null) return unknown;
            throw failure;
        }
    }

    // The name is taken, and one of our own attempts may have taken it.
    private PutResult settle(String name, Unknown unknown, @Nullable Ulid putId) {
        try {
            ObjectMeta found = head(name);
            if (found == null || found.putId() == null) return unknown;
            return found.putId().equals(putId)
                    ? new Stored(Durable.confirmed(name))
                    : new AlreadyExists();
        } catch (ObjectStoreException unanswered) {
            return unknown;
        }
    }

    /// What is left of the attempts and of the time for one call.
    private final class Patience {
        private final String what;
        private final String name;
        private final Deadline deadline = Deadline.after(env, policy.total());
        private int attempts;

        Patience(String what, String name) {
            this.what = what;
            this.name = name;
        }

        /// Waits before the next attempt; false if there is to be none.
        boolean pauseAfter(RuntimeException failure) {
            attempts++;
            if (attempts == 1) log(System.Logger.Level.DEBUG, "call failed, retrying", failure);
            Duration pause = pause();
            boolean mayRepeat =
                    attempts < policy.attemptsMax()
                            && pause.compareTo(deadline.remaining()) < 0
                            && !Thread.currentThread().isInterrupted();
            if (!mayRepeat) log(System.Logger.Level.WARNING, "call given up", failure);
            return mayRepeat && slept(pause);
        }

        void answered() {
            if (0 < attempts)
                LOG.log(
                        attempts < NOTABLE ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
                        "call answered at last: call=`{0}` name=`{1}` failures=`{2}`",
                        what,
                        name,
                        attempts);
        }

        // Full jitter: anywhere from nothing to the bound, so that clients do not march in step.
        private Duration pause() {
            long bound = policy.pauseBound(attempts).toNanos();
            return Duration.ofNanos(Long.remainderUnsigned(env.randomLong(), bound + 1));
        }

        private boolean slept(Duration pause) {
            try {
                env.sleep(pause);
                return true;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private void log(System.Logger.Level level, String event, RuntimeException failure) {
            LOG.log(
                    level,
                    "{0}: call=`{1}` name=`{2}` attempts=`{3}` cause=`{4}`",
                    event,
                    what,
                    name,
                    attempts,
                    failure.getMessage());
        }
    }
}
