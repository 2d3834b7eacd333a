package dev.holdfast.engine.tier;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import java.time.Duration;

/// Decides whether a group of commits is worth a moment's wait for more.
///
/// Writers who wait for a force come back with their next commits right after it. Taken at once,
/// the first of them would go alone and all others wait for two forces; so as many as there were
/// are waited for, for a quarter of what a force takes. While they keep coming, one not later than
/// an eighth of a force after the other, they are waited for twice as long: whoever is left out
/// waits for a whole force. A writer who is alone is never held up.
///
/// Where a wait was in vain, as those who are there lost more time by it than those who came have
/// won, the next groups go at once: one after the first time, twice as many each time, up to a
/// bound, so that it is seen when writers have become quicker.
///
/// For the log alone, under its guard.
final class Gathering {
    private static final int PART_OF_FORCE = 4;
    private static final int PART_BETWEEN = 8;
    private static final int PART_AT_MOST = 2;
    private static final int WEIGHT = 8;
    private static final int PASSED_MAX = 64;
    private static final Duration LONGEST = Duration.ofMillis(2);

    private final Env env;
    private int expected;
    private long forceNanos;
    private long forcedAt; // nanoTime
    private int held; // commits that were there by then
    private long until; // nanoTime
    private long last;
    private int passed; // how many groups are to go at once after a wait in vain
    private int left; // of them

    Gathering(Env env) {
        this.env = env;
        forcedAt = env.nanoTime();
        until = forcedAt;
        last = until;
    }

    /// A force that took `nanos` has made `done` commits durable while `pending` more came.
    void forced(int done, int pending, long nanos) {
        long now = env.nanoTime();
        if (0 < left) left--;
        else judge(done, now - nanos - forcedAt);
        forceNanos += (nanos - forceNanos) / WEIGHT;
        expected = done + pending;
        forcedAt = now;
        held = pending;
        until = left == 0 ? now + part(PART_OF_FORCE) : now;
        last = left == 0 ? now + part(PART_AT_MOST) : now;
    }

    // Whoever came within the wait would else have waited for a force more.
    private void judge(int taken, long waited) {
        long won = Math.max(0, taken - held) * forceNanos;
        long lost = held * Math.clamp(waited, 0, part(PART_AT_MOST));
        passed = won < lost ? Math.clamp(2L * passed, 1, PASSED_MAX) : 0;
        left = passed;
    }

    private long part(int of) {
        return Math.min(LONGEST.toNanos(), forceNanos / of);
    }

    /// A commit came, as one of `pending`.
    void came(int pending) {
        if (isComplete(pending) || until - last >= 0) return;
        long next = env.nanoTime() + part(PART_BETWEEN);
        if (until - next < 0) until = next - last < 0 ? next : last;
    }

    /// True if more than `pending` commits are likely to come in a moment.
    boolean isWorthIt(int pending) {
        return !isComplete(pending) && env.nanoTime() - until < 0;
    }

    /// True if `pending` are all that are likely to come.
    boolean isComplete(int pending) {
        return expected <= pending;
    }

    /// By when the wait is over, if nothing comes meanwhile.
    Deadline until() {
        return Deadline.after(env, Duration.ofNanos(Math.max(0, until - env.nanoTime())));
    }
}
