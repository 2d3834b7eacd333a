package dev.holdfast.bench.stall;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/// Many writers of one database, which put random keys as fast as they can or each when it is due.
///
/// Thread-safe.
final class Overwriting {
    static final int VALUE_BYTES = 1024;

    private static final int DIGITS = 3;
    private static final int POOL_BYTES = 1 << 20;
    private static final Duration END_MAX = Duration.ofMinutes(5);
    private static final long NANOS = 1_000_000_000;

    private final HoldfastDb db;
    private final long keys;
    private final Durability durability;
    private final int writers;
    private final Env env;
    private final byte[] pool = new byte[POOL_BYTES];
    private final Recorder sinceDue = new Recorder(DIGITS);
    private final Recorder sinceBegun = new Recorder(DIGITS);
    private final AtomicLong written = new AtomicLong();
    private final AtomicReference<@Nullable StorageException> failure = new AtomicReference<>();

    /// @param writers at most so many writes are under way at a time
    Overwriting(HoldfastDb db, long keys, Durability durability, int writers, Env env) {
        this.db = db;
        this.keys = keys;
        this.durability = durability;
        this.writers = writers;
        this.env = env;
        new SplittableRandom(1).nextBytes(pool);
    }

    /// Puts every key once.
    void fill() {
        var random = new SplittableRandom(2);
        for (long key = 0; key < keys; key++)
            db.write(new WriteBatch().put(key(key), value(random)), Durability.MEMORY);
        db.flushMemtables();
    }

    /// Writes as fast as it goes for `time`, and returns how many writes that were.
    long overwrite(Duration time) throws InterruptedException {
        long before = written.get();
        long end = env.nanoTime() + time.toNanos();
        List<Thread> threads =
                start(number -> {
                    var random = new SplittableRandom(number);
                    while (env.nanoTime() - end < 0 && failure.get() == null)
                        put(random, env.nanoTime());
                });
        join(threads, time.plus(END_MAX));
        return written.get() - before;
    }

    /// Begins to write `rate` times a second for `time`.
    List<Thread> begin(long rate, Duration time) {
        long begun = env.nanoTime();
        long count = Math.multiplyExact(rate, time.toMillis()) / 1000;
        return start(number -> {
            var random = new SplittableRandom(number);
            for (long i = number; i < count && failure.get() == null; i += writers) {
                long due = begun + i * NANOS / rate;
                if (!hasWaited(due - env.nanoTime())) return;
                put(random, due);
            }
        });
    }

    private List<Thread> start(IntConsumer writer) {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < writers; i++) {
            int number = i;
            threads.add(env.start("writer " + number, () -> writer.accept(number)));
        }
        return threads;
    }

    /// Waits for the end of `threads`; throws what ended them early.
    void join(List<Thread> threads, Duration patience) throws InterruptedException {
        long giveUp = env.nanoTime() + patience.toNanos();
        for (Thread thread : threads) {
            long left = Math.max(1, giveUp - env.nanoTime());
            if (!thread.join(Duration.ofNanos(left))) throw new AssertionError("a writer hangs");
        }
        StorageException failed = failure.get();
        if (failed != null) throw failed;
    }

    private boolean hasWaited(long nanos) {
        if (nanos <= 0) return true;
        try {
            env.sleep(Duration.ofNanos(nanos));
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void put(SplittableRandom random, long due) {
        var batch = new WriteBatch().put(key(random.nextLong(keys)), value(random));
        long begun = env.nanoTime();
        try {
            db.write(batch, durability);
            written.incrementAndGet();
        } catch (StorageException failed) {
            failure.compareAndSet(null, failed);
        }
        long ended = env.nanoTime();
        sinceDue.recordValue(micros(ended - due));
        sinceBegun.recordValue(micros(ended - begun));
    }

    private static long micros(long nanos) {
        return Math.max(0, nanos / 1000);
    }

    private static Bytes key(long number) {
        return Bytes.utf8("key%012d".formatted(number));
    }

    private Bytes value(SplittableRandom random) {
        return Bytes.wrap(pool, random.nextInt(POOL_BYTES - VALUE_BYTES), VALUE_BYTES);
    }

    /// What writes took from the instant at which they were due, since this was asked last, in
    /// microseconds.
    Histogram takeSinceDue() {
        return sinceDue.getIntervalHistogram();
    }

    /// What they took from the instant at which they began.
    Histogram takeSinceBegun() {
        return sinceBegun.getIntervalHistogram();
    }
}
