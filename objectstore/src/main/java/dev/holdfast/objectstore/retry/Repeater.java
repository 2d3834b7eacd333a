package dev.holdfast.objectstore.retry;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable.Reason;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Repeats a call until it is answered or patience is over, with pauses drawn at random up to a
/// doubling bound. Thread-safe.
public final class Repeater {
    private static final System.Logger LOG = System.getLogger(Repeater.class.getName());

    private static final int NOTABLE = 5; // failures of one call before an operator hears of it

    private final RetryPolicy policy;
    private final Env env;
    private final AtomicLongArray repeats = new AtomicLongArray(Reason.values().length);
    private final AtomicLong givenUp = new AtomicLong();

    public Repeater(RetryPolicy policy, Env env) {
        this.policy = policy;
        this.env = env;
    }

    /// What `call` answers, repeated while it throws [Unavailable]; its last failure in the end.
    public <T extends @Nullable Object> T repeat(String what, String name, Supplier<T> call) {
        var patience = patience(what, name);
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

    /// What was repeated so far.
    public StoreTraffic.Retries retries() {
        return new StoreTraffic.Retries(
                repeats.get(Reason.SLOW_DOWN.ordinal()),
                repeats.get(Reason.NOT_DONE.ordinal()),
                repeats.get(Reason.NO_ANSWER.ordinal()),
                repeats.get(Reason.OTHER.ordinal()),
                givenUp.get());
    }

    /// Fresh patience for one call, for callers that tell more outcomes apart than success and
    /// failure.
    public Patience patience(String what, String name) {
        return new Patience(what, name);
    }

    /// What is left of the attempts and of the time for one call.
    public final class Patience {
        private final String what;
        private final String name;
        private final Deadline deadline = Deadline.after(env, policy.total());
        private int attempts;

        private Patience(String what, String name) {
            this.what = what;
            this.name = name;
        }

        /// Waits before the next attempt; false if there is to be none.
        public boolean pauseAfter(RuntimeException failure) {
            attempts++;
            if (attempts == 1) log(System.Logger.Level.DEBUG, "call failed, retrying", failure);
            Duration pause = pause();
            boolean mayRepeat =
                    attempts < policy.attemptsMax()
                            && pause.compareTo(deadline.remaining()) < 0
                            && !Thread.currentThread().isInterrupted();
            if (mayRepeat) return slept(pause, failure);
            givenUp.incrementAndGet();
            log(System.Logger.Level.WARNING, "call given up", failure);
            return false;
        }

        /// Says that the call was answered, so that an operator hears of a long struggle's end.
        public void answered() {
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

        private boolean slept(Duration pause, RuntimeException failure) {
            Reason reason =
                    failure instanceof Unavailable unavailable
                            ? unavailable.reason()
                            : Reason.OTHER;
            repeats.incrementAndGet(reason.ordinal());
            var event = new RetryEvent();
            event.begin();
            try {
                return slept(pause);
            } finally {
                event.end();
                if (event.shouldCommit()) tell(event, reason, failure);
            }
        }

        private void tell(RetryEvent event, Reason reason, RuntimeException failure) {
            event.call = what;
            event.object = name;
            event.attempts = attempts;
            event.reason = reason.name();
            event.cause = failure.getMessage();
            event.commit();
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
