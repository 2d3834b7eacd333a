package dev.holdfast.engine.write;

import dev.holdfast.base.Env;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The line into the commit order: whoever holds the order serves all who had gathered.
///
/// Invariants:
/// 1. One thread at a time is inside the order; nobody waits for the store or for room there.
/// 2. Commits are served in the order in which they joined the line.
/// 3. A leader serves its own commit and, up to a bound, who comes meanwhile, and calls somebody
///    who waits to lead on. Who passes at once joins no line: it serves itself alone, where nobody
///    stands there, and calls one who has come since.
///
/// The line is as long as there are writers: each waits for its own commit. Who looks again and
/// again learns of a decision by itself; who sleeps until its commit is durable is woken by whoever
/// makes it so.
final class CommitQueue {
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000;
    private static final int SERVED_MAX = 64; // and the rest of a gathering
    private static final int LOOKS = 50; // before it sleeps: the order is held for moments

    private final Env env;
    private final Predicate<Commit> mustWake;
    private final ReentrantLock order = new ReentrantLock();
    private final AtomicReference<@Nullable Commit> newest = new AtomicReference<>();

    /// @param mustWake says of a commit that was just decided whether its writer is to be woken now
    CommitQueue(Env env, Predicate<Commit> mustWake) {
        this.env = env;
        this.mustWake = mustWake;
    }

    /// Has `serve` decide `commit`, here or on another writer's thread, and returns once it is
    /// decided.
    void pass(Commit commit, Consumer<Commit> serve) {
        join(commit);
        settle(commit, serve);
    }

    /// Has `serve` decide `commit` right here, without waiting and without serving others; false if
    /// somebody else leads just now or stands in line, and then it was not decided.
    boolean passAtOnce(Commit commit, Consumer<Commit> serve) {
        if (!order.tryLock()) return false;
        try {
            if (newest.get() != null) return false;
            serve.accept(commit);
            return true;
        } finally {
            leave();
        }
    }

    /// Puts `commit` into the line: it may be decided from now on.
    void join(Commit commit) {
        Commit seen;
        do {
            seen = newest.get();
            commit.older = seen;
        } while (!newest.compareAndSet(seen, commit));
    }

    /// True if `commit`, which has joined, is decided: by now, or right here if nobody else leads.
    /// If not, whoever leads decides it or calls its writer.
    boolean hasDecided(Commit commit, Consumer<Commit> serve) {
        commit.answer();
        if (!commit.isDecided() && order.tryLock()) lead(serve);
        return commit.isDecided();
    }

    /// Returns once `commit`, which has joined, is decided.
    void settle(Commit commit, Consumer<Commit> serve) {
        commit.sleepUntilDecided();
        boolean wasInterrupted = false;
        for (int looks = 0; !hasDecided(commit, serve); looks++) {
            if (looks < LOOKS) {
                Thread.onSpinWait();
            } else {
                env.park(this, LOOK_AGAIN_NANOS);
                wasInterrupted |= Thread.interrupted(); // else the next park would spin
            }
        }
        if (wasInterrupted) Thread.currentThread().interrupt();
    }

    /// Runs `change` inside the order.
    void inOrder(Runnable change) {
        order.lock();
        try {
            change.run();
        } finally {
            leave();
        }
    }

    private void lead(Consumer<Commit> serve) {
        try {
            int served = 0;
            do served += serveAll(oldestOf(newest.getAndSet(null)), serve);
            while (served < SERVED_MAX && newest.get() != null);
        } finally {
            leave();
        }
    }

    private int serveAll(@Nullable Commit oldest, Consumer<Commit> serve) {
        int served = 0;
        Commit next = oldest;
        while (next != null) {
            Commit following = next.older;
            serve.accept(next);
            if (mustWake.test(next)) next.wake();
            next = following;
            served++;
        }
        return served;
    }

    // Whoever joined after the gathering was taken may have found the order held, and sleeps.
    private void leave() {
        order.unlock();
        Commit waiting = newest.get();
        if (waiting != null) waiting.call();
    }

    // The line is linked from the newest back; turned around it is the order of arrival.
    private static @Nullable Commit oldestOf(@Nullable Commit newest) {
        Commit turned = null;
        Commit next = newest;
        while (next != null) {
            Commit older = next.older;
            next.older = turned;
            turned = next;
            next = older;
        }
        return turned;
    }

    /// True if the calling thread is inside.
    boolean isInside() {
        return order.isHeldByCurrentThread();
    }
}
