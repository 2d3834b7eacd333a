package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.resp.RespError;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Fair locks over sets of keys, for runs that lost a race: they queue, and those who have not lost
/// yet step back while one is held.
///
/// A lock only orders who tries next; that no write is lost is the engine's conflict check. Under
/// one, a run reads what a run of it read moments ago, so that no read is remote.
///
/// A stripe where more races are lost than won is hot: who means to write locks it first.
///
/// Invariant: a set is locked in ascending order of its stripes, so no two sets wait in a circle.
final class Stripes {
    private static final int COUNT = 4096;
    private static final int LOST = 8; // a race lost weighs as much as so many won
    private static final int HOT = 2 * LOST;
    private static final int HEAT_MAX = 8 * LOST;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LOOKS = 100;

    private final ReentrantLock[] locks = new ReentrantLock[COUNT];
    private final AtomicIntegerArray heat = new AtomicIntegerArray(COUNT); // a rough count

    Stripes() {
        for (int i = 0; i < COUNT; i++) locks[i] = new ReentrantLock(true);
    }

    /// The stripes of `rowKeys`.
    Set<Integer> of(Set<Bytes> rowKeys) {
        if (rowKeys.size() == 1) return Set.of(of(rowKeys.iterator().next()));
        Set<Integer> stripes = new TreeSet<>();
        for (Bytes rowKey : rowKeys) stripes.add(of(rowKey));
        return stripes;
    }

    /// The stripe of `rowKey`.
    static int of(Bytes rowKey) {
        return rowKey.hashCode() & COUNT - 1;
    }

    /// A run that touched `stripes` has lost a race.
    void lost(Set<Integer> stripes) {
        for (int stripe : stripes) heat.set(stripe, Math.min(HEAT_MAX, heat.get(stripe) + LOST));
    }

    /// A run that touched `stripes` has committed.
    void won(Set<Integer> stripes) {
        for (int stripe : stripes) {
            int before = heat.get(stripe);
            if (0 < before && !locks[stripe].hasQueuedThreads()) heat.set(stripe, before - 1);
        }
    }

    /// True if it is hot, or another thread holds it.
    boolean isContended(int stripe) {
        return HOT <= heat.get(stripe) || isTaken(stripe);
    }

    /// True if another thread holds one of `stripes`.
    boolean areTaken(Set<Integer> stripes) {
        for (int stripe : stripes) if (isTaken(stripe)) return true;
        return false;
    }

    private boolean isTaken(int stripe) {
        ReentrantLock lock = locks[stripe];
        return lock.isLocked() && !lock.isHeldByCurrentThread();
    }

    /// Locks all of `stripes`. Throws `Unavailable` if that takes too long, and a `RespError` as
    /// soon as `impatience` says why not to wait.
    Held lock(Set<Integer> stripes, Supplier<@Nullable String> impatience)
            throws InterruptedException {
        var held = new Held(new TreeSet<>());
        try {
            for (int stripe : new TreeSet<>(stripes)) {
                lock(stripe, impatience);
                held.stripes.add(stripe);
            }
            return held;
        } catch (RespError | StorageException | InterruptedException failed) {
            held.close();
            throw failed;
        }
    }

    /// Locks all of `stripes`; null if they are not all free by `deadline`.
    @Nullable Held lockSoon(Set<Integer> stripes, Deadline deadline) throws InterruptedException {
        var held = new Held(new TreeSet<>());
        boolean isWhole = false;
        try {
            for (int stripe : new TreeSet<>(stripes)) {
                long left = deadline.remainingNanos();
                if (!locks[stripe].tryLock(left, TimeUnit.NANOSECONDS)) return null;
                held.stripes.add(stripe);
            }
            isWhole = true;
            return held;
        } finally {
            if (!isWhole) held.close();
        }
    }

    private void lock(int stripe, Supplier<@Nullable String> impatience)
            throws InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            if (locks[stripe].tryLock(LOOK.toNanos(), TimeUnit.NANOSECONDS)) return;
            String why = impatience.get();
            if (why != null) throw new RespError(why);
        }
        throw new StorageException.Unavailable("key contended. stripe=`" + stripe + "`", null);
    }

    /// Stripes that are locked, until closed.
    final class Held implements AutoCloseable {
        private final Set<Integer> stripes;

        private Held(Set<Integer> stripes) {
            this.stripes = stripes;
        }

        /// True if `stripe` is one of them.
        boolean has(int stripe) {
            return stripes.contains(stripe);
        }

        @Override
        public void close() {
            for (int stripe : stripes) locks[stripe].unlock();
            stripes.clear();
        }
    }
}
