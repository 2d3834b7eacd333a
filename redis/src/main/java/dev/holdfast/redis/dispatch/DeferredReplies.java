package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.net.FlushGroup;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The replies of all connections that wait for a durability: one thread a level waits for it, and
/// sends what has become due, as long as no client holds it up.
///
/// One force makes the replies to many clients due at once: so one thread is woken by it, not one a
/// client. Thread-safe.
final class DeferredReplies {
    private static final System.Logger LOG = System.getLogger(DeferredReplies.class.getName());

    private final Durables durables;
    private final Env env;
    private final Map<Durability, Line> lines = new EnumMap<>(Durability.class);

    DeferredReplies(Durables durables, Env env) {
        this.durables = durables;
        this.env = env;
        for (Durability level : Durability.values()) lines.put(level, new Line(level));
    }

    /// Has `queue` send what it holds, in time: its first turn waits for `level`.
    void join(ReplyQueue queue, Durability level) {
        lines.get(level).join(queue);
    }

    /// Who waits for one level.
    private final class Line {
        private final Durability level;

        private final ReentrantLock guard = new ReentrantLock(); // held for moments

        // guarded by guard
        private final List<ReplyQueue> coming = new ArrayList<>();
        private boolean isWatched;

        Line(Durability level) {
            this.level = level;
        }

        void join(ReplyQueue queue) {
            guard.lock();
            try {
                coming.add(queue);
                if (isWatched) return;
                isWatched = true;
            } finally {
                guard.unlock();
            }
            env.start("replies that wait for " + level, this::watch);
        }

        private void watch() {
            List<ReplyQueue> waiting = new ArrayList<>();
            var departing = new FlushGroup();
            while (hasMore(waiting)) {
                Throwable broken = Task.attempt(() -> awaitFirst(waiting));
                if (broken != null) waiting.removeIf(queue -> isGivenUp(queue, broken));
                waiting.removeIf(queue -> isDone(queue, departing));
                departing.flush();
            }
        }

        // Where the wait fails, nobody waits longer than for two of them: whoever came meanwhile is
        // told the same.
        private void awaitFirst(List<ReplyQueue> waiting) {
            long next = Long.MAX_VALUE;
            for (ReplyQueue queue : waiting) next = Math.min(next, queue.firstSeq());
            StorageException failure = failureToReach(next);
            if (failure == null) return;
            for (ReplyQueue queue : waiting)
                if (next <= queue.firstSeq()) queue.outcomeUnknown(failure);
        }

        // One that breaks must not keep those of other clients.
        private boolean isDone(ReplyQueue queue, FlushGroup departing) {
            var isDone = new AtomicBoolean();
            Throwable broken = Task.attempt(() -> isDone.set(queue.depart(level, departing)));
            return broken == null ? isDone.get() : isGivenUp(queue, broken);
        }

        private boolean isGivenUp(ReplyQueue queue, Throwable broken) {
            LOG.log(System.Logger.Level.ERROR, "replies are given up, the connection ends", broken);
            queue.abandon();
            return true;
        }

        private boolean hasMore(List<ReplyQueue> waiting) {
            guard.lock();
            try {
                waiting.addAll(coming);
                coming.clear();
                isWatched = !waiting.isEmpty();
                return isWatched;
            } finally {
                guard.unlock();
            }
        }

        private @Nullable StorageException failureToReach(long seq) {
            try {
                durables.await(seq, level);
                return null;
            } catch (StorageException.Unavailable | StorageException.Closed failure) {
                return failure;
            } catch (InterruptedException cut) {
                return new StorageException.Unavailable("interrupted", cut);
            }
        }
    }
}
