package dev.holdfast.engine.wal;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Settings;
import java.time.Duration;
import java.util.function.LongSupplier;

/// When the next object of the log is due.
///
/// An object is due when it is old enough; sooner if someone waits for a commit in it or if there
/// is enough, but no sooner than the pace of puts allows; all of it at once when the log stops.
/// None is while tables that no manifest names yet hold what lies between it and what is durable.
///
/// Not thread-safe: the log guards it, with its backlog.
final class WalSchedule {
    /// How many full objects are kept back behind a local log, at most.
    static final int KEPT_BACK_MAX = 4;

    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Env env;
    private final Settings settings;
    private final WalBacklog backlog;
    private final LongSupplier durableSeq;
    private Deadline pacedUntil;
    private long demandedSeq;
    private boolean isKeptBack;
    private boolean isStopping;

    /// @param durableSeq what needs no object any more
    WalSchedule(Env env, Settings settings, WalBacklog backlog, LongSupplier durableSeq) {
        this.env = env;
        this.settings = settings;
        this.backlog = backlog;
        this.durableSeq = durableSeq;
        pacedUntil = Deadline.after(env, Duration.ZERO);
    }

    /// What would have to change before anything is due sooner than was thought.
    record Look(boolean isEmpty, boolean hasGap, boolean isWanted) {}

    Look look() {
        return new Look(backlog.isEmpty(), hasGap(), isWanted());
    }

    /// A log on this machine has every commit before it comes here: one full object is not enough.
    void keepBack() {
        isKeptBack = true;
    }

    /// Someone waits for everything up to `seq`.
    void demand(long seq) {
        demandedSeq = Math.max(demandedSeq, seq);
    }

    /// Whatever is left is due now.
    void stop() {
        isStopping = true;
    }

    boolean isStopping() {
        return isStopping;
    }

    /// True once it stops and nothing can be put any more.
    boolean isOver() {
        return isStopping && (backlog.isEmpty() || hasGap());
    }

    boolean isDue() {
        return !backlog.isEmpty() && !hasGap() && whenDue().isExpired();
    }

    /// By when to look again, if the look stays as it is.
    Deadline nextLook() {
        return backlog.isEmpty() ? Deadline.after(env, IDLE) : whenDue();
    }

    /// Takes the object that is due, which is sealed.
    WalSegment take() {
        pacedUntil = Deadline.after(env, settings.walPutIntervalMin());
        return backlog.take();
    }

    // What lies between is published before the next is put. Without a log on this machine nothing
    // does: a caller has left numbers out.
    private boolean hasGap() {
        return isKeptBack && backlog.hasGapBehind(durableSeq.getAsLong());
    }

    // Someone waits for it, or there is enough: nothing but the pace holds it back.
    private boolean isWanted() {
        int enough = isKeptBack ? KEPT_BACK_MAX : 1;
        return enough <= backlog.sealed() || durableSeq.getAsLong() < demandedSeq;
    }

    private Deadline whenDue() {
        if (isStopping) return pacedUntil.atMost(Duration.ZERO);
        WalSegment oldest = backlog.oldest();
        if (oldest == null || hasGap()) return Deadline.after(env, IDLE);
        Deadline due = oldest.due();
        if (isWanted() || due.remainingNanos() < pacedUntil.remainingNanos()) return pacedUntil;
        return due;
    }
}
