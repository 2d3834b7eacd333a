package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The replies of all connections that wait for a durability: one thread a level waits for it, and
/// sends what has become due, as long as no client holds it up.
///
/// One force makes the replies to many clients due at once: so one thread is woken by it, not one a
/// client. Thread-safe.
final class Departures {
    private final Durables durables;
    private final Env env;
    private final Map<Durability, Line> lines = new EnumMap<>(Durability.class);

    Departures(Durables durables, Env env) {
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

        // Guarded by this, for moments.
        private final List<ReplyQueue> coming = new ArrayList<>();
        private boolean isWatched;

        Line(Durability level) {
            this.level = level;
        }

        synchronized void join(ReplyQueue queue) {
            coming.add(queue);
            if (isWatched) return;
            isWatched = true;
            env.start("replies that wait for " + level, this::watch);
        }

        private void watch() {
            List<ReplyQueue> waiting = new ArrayList<>();
            while (hasMore(waiting)) {
                long next = Long.MAX_VALUE;
                for (ReplyQueue queue : waiting) next = Math.min(next, queue.firstSeq());
                StorageException failure = failureToReach(next);
                for (ReplyQueue queue : waiting)
                    if (failure != null && next <= queue.firstSeq()) queue.outcomeUnknown(failure);
                waiting.removeIf(queue -> queue.depart(level));
            }
        }

        private synchronized boolean hasMore(List<ReplyQueue> waiting) {
            waiting.addAll(coming);
            coming.clear();
            isWatched = !waiting.isEmpty();
            return isWatched;
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
