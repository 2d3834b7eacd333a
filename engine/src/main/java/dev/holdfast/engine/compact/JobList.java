package dev.holdfast.engine.compact;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The compactions that a [Compactor] has begun and not ended, under the one lock that guards them,
/// and everything that somebody waits for: work, an end of the work, the end of all parts.
///
/// Thread-safe. Its lock is never held over I/O.
final class JobList {
    private final ReentrantLock guard = new ReentrantLock();
    private final BooleanSupplier isCut;
    private final WaitPoint news;

    // Guarded by `guard`.
    private final Map<Ulid, ActiveJob> active = new LinkedHashMap<>();
    private final ActiveJob.Totals count = new ActiveJob.Totals();
    private boolean isNudged;
    private boolean isIdle;
    private @Nullable RuntimeException lastFailure;
    private @Nullable RuntimeException hopeless;

    /// @param isCut true once the compactor is to end
    JobList(BooleanSupplier isCut) {
        this.isCut = isCut;
        news = new WaitPoint(guard, WaitKind.IDLE, "something to compact", "writers and parts");
    }

    /// Asks `question` under the lock.
    <T extends @Nullable Object> T locked(Supplier<T> question) {
        guard.lock();
        try {
            return question.get();
        } finally {
            guard.unlock();
        }
    }

    /// Runs `change` under the lock, and wakes the compactor.
    void told(Runnable change) {
        guard.lock();
        try {
            change.run();
            isNudged = true;
            news.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// All of them as they are now.
    List<ActiveJob> all() {
        return locked(() -> List.copyOf(active.values()));
    }

    /// Asks all of them, and what has become of the others, under the lock.
    <T extends @Nullable Object> T ask(Function<ActiveJob.Book, T> question) {
        return locked(() -> question.apply(new ActiveJob.Book(active.values(), count)));
    }

    int size() {
        return locked(active::size);
    }

    void add(ActiveJob job) {
        told(() -> active.put(job.id(), job));
    }

    void published(ActiveJob job, long nowNanos, String database) {
        locked(() -> {
            count.published(job, nowNanos);
            job.recordEnd(database, "published");
            return active.remove(job.id());
        });
    }

    void givenUp(ActiveJob job, String database) {
        told(() -> {
            active.remove(job.id());
            count.givenUp(job);
            job.recordEnd(database, "given up");
        });
    }

    void retryAt(ActiveJob job, Deadline at) {
        told(() -> {
            job.retryAt(at);
            count.retried();
        });
    }

    /// They are another's to go on with now.
    void abandonAll() {
        told(() -> {
            count.fenced(active.values());
            active.values().forEach(ActiveJob::abandon);
            active.clear();
        });
    }

    /// Notes how many compactions are to be begun.
    void seeWhetherIdle(int waiting) {
        guard.lock();
        try {
            isIdle = active.isEmpty() && waiting == 0;
            news.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// Notes what keeps the compactor from working.
    void remember(RuntimeException failure) {
        guard.lock();
        try {
            lastFailure = failure;
            hopeless =
                    failure instanceof CorruptData || failure instanceof Invalid ? failure : null;
            news.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// What kept it from working last; null if nothing did.
    @Nullable RuntimeException lastFailure() {
        return locked(() -> lastFailure);
    }

    /// Waits for news, for `longest`, or until a job is to be tried again.
    void awaitWork(Duration longest, Env env, Token own) throws InterruptedException {
        guard.lock();
        try {
            Duration until = longest;
            for (ActiveJob job : active.values()) until = job.untilRetry(until);
            Deadline look = Deadline.after(env, until);
            news.await(() -> isNudged || isCut.getAsBoolean(), look, own);
            isNudged = false;
            isIdle = false;
        } finally {
            guard.unlock();
        }
    }

    /// Waits until no thread works on any part.
    void awaitParts(Deadline bound, Token own) throws InterruptedException {
        guard.lock();
        try {
            news.await(() -> active.values().stream().noneMatch(ActiveJob::isRunning), bound, own);
        } finally {
            guard.unlock();
        }
    }

    /// Waits until there is nothing left to compact. False at the deadline, when it was cut
    /// earlier, and when it met what waiting does not heal.
    boolean awaitIdle(Deadline deadline, Token token) throws InterruptedException {
        guard.lock();
        try {
            news.await(() -> isIdle || isCut.getAsBoolean() || hopeless != null, deadline, token);
            return isIdle && hopeless == null;
        } finally {
            guard.unlock();
        }
    }
}
