package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.net.FlushGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The replies of all connections that wait for a durability.
///
/// One force makes the replies to many clients due at once. Where the database tells of it, the
/// thread that forces sends them right away, as long as no client holds it up: nobody has to be
/// woken for that. Beside it one thread a level waits for the durability, now and then or, where
/// nothing is told, all the time: it hears of what fails and of what takes too long. Thread-safe.
final class DeferredReplies {
    private static final System.Logger LOG = System.getLogger(DeferredReplies.class.getName());
    private static final Duration TOLD_WITHIN = Duration.ofMillis(20); // then it is waited for

    private final Durables durables;
    private final Env env;
    private final Map<Durability, Line> lines = new EnumMap<>(Durability.class);

    DeferredReplies(Durables durables, Env env) {
        this.durables = durables;
        this.env = env;
        for (Durability level : Durability.values()) lines.put(level, new Line(level));
    }

    /// Has `queue` send what it holds, in time: its first turn waits for `seq` to reach `level`.
    void join(ReplyQueue queue, Durability level, long seq) {
        lines.get(level).join(queue, seq);
    }

    /// Who waits for one level.
    ///
    /// Who sends what queues hold has `departing`, so that replies go out in order. Who is told
    /// that something has become due waits for nobody: whoever has it then looks once more.
    private final class Line {
        private final Durability level;
        private final AtomicLong asked = new AtomicLong(Long.MAX_VALUE); // the least to be told of
        private final AtomicBoolean isDue = new AtomicBoolean();
        private volatile boolean isTold = true; // until asking has shown that it is not

        private final ReentrantLock guard = new ReentrantLock(); // held for moments
        private final ReentrantLock departing = new ReentrantLock(); // nobody waits with it

        // guarded by guard
        private final List<ReplyQueue> coming = new ArrayList<>();
        private boolean isWatched;

        // guarded by departing
        private final List<ReplyQueue> waiting = new ArrayList<>();
        private final FlushGroup group = new FlushGroup();

        Line(Durability level) {
            this.level = level;
        }

        void join(ReplyQueue queue, long seq) {
            boolean starts;
            guard.lock();
            try {
                coming.add(queue);
                starts = !isWatched;
                isWatched = true;
            } finally {
                guard.unlock();
            }
            try {
                // What was reached before it came here nobody will tell.
                if (durables.reached(seq, level)) due();
                else ask(seq);
            } finally {
                if (starts) startToWatch();
            }
        }

        private void startToWatch() {
            boolean isStarted = false;
            try {
                env.start("replies that wait for " + level, this::watch);
                isStarted = true;
            } finally {
                if (!isStarted) unwatch();
            }
        }

        private void unwatch() {
            guard.lock();
            try {
                isWatched = false;
            } finally {
                guard.unlock();
            }
        }

        private void ask(long seq) {
            while (isTold) {
                long least = asked.get();
                if (least <= seq) return;
                if (!asked.compareAndSet(least, seq)) continue;
                isTold = durables.whenReached(seq, level, () -> told(seq));
                return;
            }
        }

        // By the thread that made it durable. Who joins from here on asks again.
        private void told(long seq) {
            asked.compareAndSet(seq, Long.MAX_VALUE);
            due();
        }

        private void due() {
            isDue.set(true);
            depart();
        }

        // Sends what has become due, unless somebody is about it, who then looks once more.
        private void depart() {
            if (departing.isHeldByCurrentThread()) return;
            while (isDue.get() && departing.tryLock()) {
                long least;
                try {
                    isDue.set(false);
                    takeUp();
                    waiting.removeIf(queue -> isDone(queue, group));
                    group.flush();
                    least = least(waiting);
                } finally {
                    departing.unlock();
                }
                if (least == Long.MAX_VALUE) continue;
                if (durables.reached(least, level)) isDue.set(true);
                else ask(least);
            }
        }

        private void watch() {
            while (goesOnWatching()) {
                Throwable broken = Task.attempt(this::await);
                if (broken != null) removeIf(queue -> isGivenUp(queue, broken));
                due();
            }
        }

        private void await() {
            if (isTold) {
                long before = least(present());
                rest();
                if (before < least(present())) return; // it goes on without this thread
            }
            awaitFirst();
        }

        private void rest() {
            try {
                env.sleep(TOLD_WITHIN);
            } catch (InterruptedException cut) {
                Thread.currentThread().interrupt(); // the wait for the durability ends by it
            }
        }

        // Where the wait fails, nobody waits longer than for two of them: whoever joins meanwhile
        // waits for the next.
        private void awaitFirst() {
            Set<ReplyQueue> present = present();
            long next = least(present);
            if (next == Long.MAX_VALUE) return;
            StorageException failure = failureToReach(next);
            // It may have come true after the wait had been given up.
            if (failure == null || durables.reached(next, level)) return;
            removeIf(queue -> {
                if (present.contains(queue) && next <= queue.firstSeq())
                    queue.outcomeUnknown(failure);
                return false;
            });
        }

        // Takes those away who are `done`.
        private void removeIf(Predicate<ReplyQueue> done) {
            departing.lock();
            try {
                waiting.removeIf(done);
            } finally {
                departing.unlock();
            }
            depart();
        }

        private Set<ReplyQueue> present() {
            Set<ReplyQueue> present;
            departing.lock();
            try {
                takeUp();
                present = new HashSet<>(waiting);
            } finally {
                departing.unlock();
            }
            depart();
            return present;
        }

        private static long least(Collection<ReplyQueue> queues) {
            long least = Long.MAX_VALUE;
            for (ReplyQueue queue : queues) least = Math.min(least, queue.firstSeq());
            return least;
        }

        private void takeUp() {
            guard.lock();
            try {
                waiting.addAll(coming);
                coming.clear();
            } finally {
                guard.unlock();
            }
        }

        // False if nothing waits: then the thread that watches ends.
        private boolean goesOnWatching() {
            boolean goesOn;
            departing.lock();
            try {
                takeUp();
                goesOn = settleWatch();
            } finally {
                departing.unlock();
            }
            depart();
            return goesOn;
        }

        private boolean settleWatch() {
            guard.lock();
            try {
                isWatched = !waiting.isEmpty() || !coming.isEmpty();
                return isWatched;
            } finally {
                guard.unlock();
            }
        }

        // One that breaks must not keep those of other clients.
        private boolean isDone(ReplyQueue queue, FlushGroup departed) {
            var isDone = new AtomicBoolean();
            Throwable broken = Task.attempt(() -> isDone.set(queue.depart(level, departed)));
            return broken == null ? isDone.get() : isGivenUp(queue, broken);
        }

        private boolean isGivenUp(ReplyQueue queue, Throwable broken) {
            LOG.log(System.Logger.Level.ERROR, "replies are given up, the connection ends", broken);
            queue.abandon();
            return true;
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
