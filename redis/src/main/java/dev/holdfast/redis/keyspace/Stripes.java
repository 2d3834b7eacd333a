package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.resp.RespError;
import java.time.Duration;
import java.util.BitSet;
import java.util.Set;
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
    static BitSet of(Set<Bytes> rowKeys) {
        var stripes = new BitSet(COUNT);
        for (Bytes rowKey : rowKeys) stripes.set(of(rowKey));
        return stripes;
    }

    /// The stripe of `rowKey`.
    static int of(Bytes rowKey) {
        return rowKey.hashCode() & COUNT - 1;
    }

    /// A run that touched `stripes` has lost a race.
    void lost(BitSet stripes) {
        for (int stripe = first(stripes); 0 <= stripe; stripe = next(stripes, stripe))
            heat.set(stripe, Math.min(HEAT_MAX, heat.get(stripe) + LOST));
    }

    /// A run that touched `stripes` has committed.
    void won(BitSet stripes) {
        for (int stripe = first(stripes); 0 <= stripe; stripe = next(stripes, stripe)) {
            int before = heat.get(stripe);
            if (0 < before && !locks[stripe].hasQueuedThreads()) heat.set(stripe, before - 1);
        }
    }

    /// True if it is hot, or another thread holds it.
    boolean isContended(int stripe) {
        return HOT <= heat.get(stripe) || isTaken(stripe);
    }

    /// True if another thread holds one of `stripes`.
    boolean areTaken(BitSet stripes) {
        for (int stripe = first(stripes); 0 <= stripe; stripe = next(stripes, stripe))
            if (isTaken(stripe)) return true;
        return false;
    }

    // In ascending order; -1 if there is none.
    private static int first(BitSet stripes) {
        return stripes.nextSetBit(0);
    }

    private static int next(BitSet stripes, int stripe) {
        return stripes.nextSetBit(stripe + 1);
    }

    private boolean isTaken(int stripe) {
        ReentrantLock lock = locks[stripe];
        return lock.isLocked() && !lock.isHeldByCurrentThread();
    }

    /// Locks all of `stripes`. Throws `Unavailable` if that takes too long, and a `RespError` as
    /// soon as `impatience` says why not to wait.
    Held lock(BitSet stripes, Supplier<@Nullable String> impatience) throws InterruptedException {
        var held = new Held();
        try {
            for (int stripe = first(stripes); 0 <= stripe; stripe = next(stripes, stripe)) {
                lock(stripe, impatience);
                held.stripes.set(stripe);
            }
            return held;
        } catch (RespError | StorageException | InterruptedException failed) {
            held.close();
            throw failed;
        }
    }

    /// Locks all of `stripes`; null if they are not all free by `deadline`.
    @Nullable Held lockSoon(BitSet stripes, Deadline deadline) throws InterruptedException {
        var held = new Held();
        boolean isWhole = false;
        try {
            for (int stripe = first(stripes); 0 <= stripe; stripe = next(stripes, stripe)) {
                long left = deadline.remainingNanos();
                if (!locks[stripe].tryLock(left, TimeUnit.NANOSECONDS)) return null;
                held.stripes.set(stripe);
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
        private final BitSet stripes = new BitSet();

        private Held() {}

        /// True if `stripe` is one of them.
        boolean has(int stripe) {
            return stripes.get(stripe);
        }

        @Override
        public void close() {
            for (int stripe = first(stripes); 0 <= stripe; stripe = next(stripes, stripe))
                locks[stripe].unlock();
            stripes.clear();
        }
    }
}
