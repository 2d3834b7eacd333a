package dev.holdfast.engine.ship;

import dev.holdfast.base.Env;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Whether the store takes anything at all: after a refusal only a probe now and then, until one
/// succeeds.
///
/// Not thread-safe.
final class Park {
    private static final Duration PROBE_FIRST = Duration.ofSeconds(1);
    private static final Duration PROBE_LONGEST = Duration.ofSeconds(30);

    private final Env env;
    private @Nullable Throwable why;
    private Duration pause = PROBE_FIRST;
    private long nextProbeNanos;
    private boolean isProbing;

    Park(Env env) {
        this.env = env;
    }

    /// Why nothing is taken; null if all is well.
    @Nullable Throwable why() {
        return why;
    }

    boolean isParked() {
        return why != null;
    }

    /// The store refuses. True if that is news.
    boolean refuse(Throwable refusal) {
        boolean isNews = why == null;
        why = refusal;
        isProbing = false;
        nextProbeNanos = env.nanoTime() + jittered(pause);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(PROBE_LONGEST) < 0 ? twice : PROBE_LONGEST;
        return isNews;
    }

    private long jittered(Duration bound) {
        long half = bound.toNanos() / 2;
        return half + Long.remainderUnsigned(env.randomLong(), half + 1);
    }

    /// True if something may be tried now.
    boolean allows() {
        return why == null || (!isProbing && nextProbeNanos - env.nanoTime() <= 0);
    }

    /// Something is tried.
    void tried() {
        if (why != null) isProbing = true;
    }

    /// What was tried came to neither a success nor a refusal.
    void unanswered() {
        if (why == null || !isProbing) return;
        isProbing = false;
        nextProbeNanos = env.nanoTime() + jittered(PROBE_FIRST);
    }

    /// The store has taken something. True if that is news.
    boolean accept() {
        boolean isNews = why != null;
        why = null;
        isProbing = false;
        pause = PROBE_FIRST;
        return isNews;
    }

    /// How long until a probe may go.
    long nanosToProbe() {
        if (why == null || isProbing) return Long.MAX_VALUE;
        return Math.max(0, nextProbeNanos - env.nanoTime());
    }
}
