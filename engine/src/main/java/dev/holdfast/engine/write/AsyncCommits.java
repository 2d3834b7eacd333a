package dev.holdfast.engine.write;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch.Committed;
import dev.holdfast.lifecycle.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Commits whose callers are told by a future that they are durable.
///
/// Invariants:
/// 1. Every future completes: once its commit is durable, or with what keeps it from that.
/// 2. At most [#WAITING_MAX] wait.
///
/// One thread a level waits for the log, only while there is something to wait for; what callers do
/// then runs elsewhere. Thread-safe.
public final class AsyncCommits {
    static final int WAITING_MAX = 65_536;

    private final WriteSide writes;
    private final Env env;
    private final Duration patience;
    private final AtomicInteger places = new AtomicInteger(WAITING_MAX);
    private final Map<Durability, Line> lines = new EnumMap<>(Durability.class);

    /// @param patience the longest that one commit is waited for
    public AsyncCommits(WriteSide writes, Env env, Duration patience) {
        this.writes = writes;
        this.env = env;
        this.patience = patience;
        for (Durability level : Durability.values()) lines.put(level, new Line(level));
    }

    /// Sets a place aside. Throws `Unavailable` if there is none.
    public void takePlace() {
        if (places.decrementAndGet() < 0) {
            places.incrementAndGet();
            throw new Unavailable("too many commits are waited for. max=`65536`", null);
        }
    }

    /// Gives back a place that was not needed.
    public void givePlace() {
        places.incrementAndGet();
    }

    /// Completes once `committed` has reached `level`; gives the place back then. In the order of
    /// commits, or nearly.
    public CompletableFuture<Committed> when(Committed committed, Durability level) {
        return lines.get(level).join(committed);
    }

    private record Waiting(
            Committed committed, Deadline deadline, CompletableFuture<Committed> future) {}

    /// Who waits for one level.
    private final class Line {
        private final Durability level;

        // Guarded by this.
        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
        private boolean isWatched;

        Line(Durability level) {
            this.level = level;
        }

        CompletableFuture<Committed> join(Committed committed) {
            var future = new CompletableFuture<Committed>();
            add(new Waiting(committed, Deadline.after(env, patience), future));
            return future;
        }

        private synchronized void add(Waiting next) {
            waiting.add(next);
            if (isWatched) return;
            isWatched = true;
            env.start("commits to be durable", this::watch);
        }

        private void watch() {
            for (Waiting next = oldest(); next != null; next = oldest()) {
                Waiting awaited = next;
                Throwable broken =
                        Task.attempt(() ->
                                writes.awaitDurable(
                                        awaited.committed.seq(), level, awaited.deadline));
                tell(awaited, broken);
            }
        }

        private synchronized @Nullable Waiting oldest() {
            Waiting oldest = waiting.poll();
            isWatched = oldest != null;
            return oldest;
        }

        // On a thread of its own: what callers do with it must not hold up the others.
        private void tell(Waiting waited, @Nullable Throwable broken) {
            givePlace();
            env.start(
                    "commit is durable",
                    () -> {
                        if (broken == null) waited.future.complete(waited.committed);
                        else waited.future.completeExceptionally(broken);
                    });
        }
    }
}
