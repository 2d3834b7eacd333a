package dev.holdfast.engine.tier;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import java.time.Duration;

/// Decides whether a group of commits is worth a moment's wait for more.
///
/// Writers who wait for a force come back with their next commits right after it. Taken at once,
/// the first of them would go alone and all others wait for two forces; so as many as there were
/// are waited for, for a quarter of what a force takes. A writer who is alone is never held up.
///
/// For the committer alone, under the log's guard.
final class Gathering {
    private static final int PART_OF_FORCE = 4;
    private static final int WEIGHT = 8;
    private static final Duration LONGEST = Duration.ofMillis(2);

    private final Env env;
    private Deadline until;
    private int expected;
    private long forceNanos;

    Gathering(Env env) {
        this.env = env;
        until = Deadline.after(env, Duration.ZERO);
    }

    /// A force that took `nanos` has made `done` commits durable while `pending` more came.
    void forced(int done, int pending, long nanos) {
        forceNanos += (nanos - forceNanos) / WEIGHT;
        expected = done + pending;
        long part = Math.min(LONGEST.toNanos(), forceNanos / PART_OF_FORCE);
        until = Deadline.after(env, Duration.ofNanos(part));
    }

    /// True if more than `pending` commits are likely to come in a moment.
    boolean isWorthIt(int pending) {
        return pending < expected && !until.isExpired();
    }

    /// By when the wait is over.
    Deadline until() {
        return until;
    }
}
