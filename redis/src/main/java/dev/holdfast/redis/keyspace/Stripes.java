package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.resp.RespError;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Fair locks over sets of keys, for runs that lost a race: they queue, and those who have not lost
/// yet step back while one is held.
///
/// A lock only orders who tries next; that no write is lost is the engine's conflict check. Under
/// one, a run reads what a run of it read moments ago, so that no read is remote.
///
/// Invariant: a set is locked in ascending order of its stripes, so no two sets wait in a circle.
final class Stripes {
    private static final int COUNT = 1024;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LOOKS = 100;

    private final ReentrantLock[] locks = new ReentrantLock[COUNT];

    Stripes() {
        for (int i = 0; i < COUNT; i++) locks[i] = new ReentrantLock(true);
    }

    /// The stripes of `rowKeys`.
    Set<Integer> of(Set<Bytes> rowKeys) {
        if (rowKeys.size() == 1) return Set.of(rowKeys.iterator().next().hashCode() & COUNT - 1);
        Set<Integer> stripes = new TreeSet<>();
        for (Bytes rowKey : rowKeys) stripes.add(rowKey.hashCode() & COUNT - 1);
        return stripes;
    }

    /// True if another thread holds one of `stripes`.
    boolean areTaken(Set<Integer> stripes) {
        for (int stripe : stripes) {
            ReentrantLock lock = locks[stripe];
            if (lock.isLocked() && !lock.isHeldByCurrentThread()) return true;
        }
        return false;
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

        @Override
        public void close() {
            for (int stripe : stripes) locks[stripe].unlock();
            stripes.clear();
        }
    }
}
