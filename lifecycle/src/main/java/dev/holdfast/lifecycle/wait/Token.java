package dev.holdfast.lifecycle.wait;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What work looks at to learn whether to go on: the highest level among a word, the words around
/// it, and those of a linked token.
///
/// Bound to one epoch: a token of a stop that was taken back stays cancelled. Thread-safe, and a
/// read costs a few volatile loads.
public final class Token {
    private final StateWord word;
    private final long epoch;
    private final Level threshold;
    private final @Nullable Token linked;

    Token(StateWord word, long epoch, Level threshold, @Nullable Token linked) {
        this.word = word;
        this.epoch = epoch;
        this.threshold = threshold;
        this.linked = linked;
    }

    /// A token that nobody cancels, for work outside any scope.
    public static Token standalone(Env env) {
        return new StateWord("standalone", env).token();
    }

    /// The present level.
    public Level level() {
        Level level = word.levelIn(epoch);
        for (StateWord outer = word.parent(); outer != null; outer = outer.parent()) {
            level = level.max(outer.level());
        }
        // A resume renews nested words before outer ones. Had an outer word been resumed before we
        // read it, our own shows by now that this token's epoch is over.
        if (level == Level.NONE && word.parent() != null) level = word.levelIn(epoch);
        return linked == null ? level : level.max(linked.level());
    }

    /// A token of both: the higher level of the two counts, as for a request and its timeline.
    public Token linkedWith(Token other) {
        Token rest = linked == null ? other : linked.linkedWith(other);
        return new Token(word, epoch, threshold, rest);
    }

    /// The same token, but waits under it end as soon as the level is DRAIN, not only at ABORT: for
    /// work that a stop should not wait for.
    public Token untilDrain() {
        return new Token(word, epoch, Level.DRAIN, linked);
    }

    /// A token of the word's present epoch.
    public Token renewed() {
        return new Token(word, word.epoch(), threshold, linked);
    }

    /// True once a stop has asked for anything at all: take no new work.
    public boolean isStopping() {
        return level() != Level.NONE;
    }

    /// True once waits under this token end: at ABORT, or at DRAIN for [#untilDrain].
    public boolean isCancelled() {
        return level().isAtLeast(threshold);
    }

    /// Throws [StopException] if the level is `least` or higher.
    public void refuseAt(Level least, String what) {
        if (level().isAtLeast(least)) throw stopped(Certainty.NOT_APPLIED, what);
    }

    /// The exception that says: the stop of this token's scope refused or cut `what`.
    public StopException stopped(Certainty certainty, String what) {
        for (StateWord each = word; each != null; each = each.parent()) {
            if (each.level() != Level.NONE) {
                return new StopException(each, each.epoch(), certainty, what);
            }
        }
        if (linked != null && linked.isStopping()) return linked.stopped(certainty, what);
        return new StopException(word, epoch, certainty, what);
    }

    /// Waits `duration`, or less if this token is cancelled meanwhile: CANCELLED or EXPIRED. Needs
    /// no lock, and refuses to run under one.
    public WaitResult pause(Duration duration) throws InterruptedException {
        word.refuseUnderLock(null, "time");
        Deadline deadline = Deadline.after(word.env(), duration);
        Wait wait = newWait(deadline, WaitKind.IDLE, "pause", "time", () -> false);
        Enlisted enlisted = enlist(wait);
        try {
            while (true) {
                if (isCancelled()) return WaitResult.CANCELLED;
                long left = deadline.remainingNanos();
                if (left == 0) return WaitResult.EXPIRED;
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) throw new InterruptedException();
            }
        } finally {
            enlisted.leave();
        }
    }

    /// The word that this token reads first.
    public StateWord word() {
        return word;
    }

    boolean isGone(String waker) {
        return word.isGone(waker) || (linked != null && linked.isGone(waker));
    }

    Wait newWait(
            Deadline deadline,
            WaitKind kind,
            String resource,
            String waker,
            BooleanSupplier holds) {
        long now = word.env().nanoTime();
        return new Wait(Thread.currentThread(), deadline, kind, resource, waker, now, holds);
    }

    /// Makes `wait` known to every word that may have to wake it.
    Enlisted enlist(Wait wait) {
        return new Enlisted(word, word.enlist(wait), linked == null ? null : linked.enlist(wait));
    }

    record Enlisted(StateWord word, long id, @Nullable Enlisted rest) {
        void leave() {
            for (Enlisted each = this; each != null; each = each.rest) each.word.delist(each.id);
        }
    }

    @Override
    public String toString() {
        return "token of " + word.name() + " at " + level();
    }
}
