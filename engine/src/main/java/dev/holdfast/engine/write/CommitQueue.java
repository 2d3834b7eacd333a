package dev.holdfast.engine.write;

import dev.holdfast.base.Env;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The line into the commit order: whoever holds the order serves all who had gathered.
///
/// Invariants:
/// 1. One thread at a time is inside the order; nobody waits for the store or for room there.
/// 2. Commits are served in the order in which they joined the line.
/// 3. A leader serves one gathering, in which its own commit is, and hands the lead over.
///
/// The line is as long as there are writers: each waits for its own commit.
final class CommitQueue {
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000;
    private static final int LOOKS = 50; // before it sleeps: the order is held for moments

    private final Env env;
    private final ReentrantLock order = new ReentrantLock();
    private final AtomicReference<@Nullable Commit> newest = new AtomicReference<>();

    CommitQueue(Env env) {
        this.env = env;
    }

    /// Has `serve` decide `commit`, here or on another writer's thread, and returns once it is
    /// decided.
    void pass(Commit commit, Consumer<Commit> serve) {
        Commit seen;
        do {
            seen = newest.get();
            commit.older = seen;
        } while (!newest.compareAndSet(seen, commit));
        boolean wasInterrupted = false;
        for (int looks = 0; !commit.isDecided(); looks++) {
            if (order.tryLock()) {
                lead(serve);
            } else if (looks < LOOKS) {
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
            Commit next = oldestOf(newest.getAndSet(null));
            while (next != null) {
                Commit following = next.older;
                serve.accept(next);
                if (next.writer() != Thread.currentThread()) LockSupport.unpark(next.writer());
                next = following;
            }
        } finally {
            leave();
        }
    }

    // Whoever joined after the gathering was taken may have found the order held, and sleeps.
    private void leave() {
        order.unlock();
        Commit waiting = newest.get();
        if (waiting != null) LockSupport.unpark(waiting.writer());
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
