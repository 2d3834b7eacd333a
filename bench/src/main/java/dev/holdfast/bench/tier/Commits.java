package dev.holdfast.bench.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Commits at LOCAL, of one writer or of many. Thread-safe.
final class Commits {
    static final int VALUE_BYTES = 200;

    private static final int SECONDS_MAX = 60;

    private final HoldfastDb db;
    private final Env env;
    private final Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);

    Commits(HoldfastDb db, Env env) {
        this.db = db;
        this.env = env;
    }

    /// What `count` commits took, one after the other.
    void one(int count, Samples samples) {
        for (int i = 0; i < count; i++) {
            long before = env.nanoTime();
            commit(i);
            samples.add(env.nanoTime() - before);
        }
    }

    /// How many commits in a second `writers` make for `time`, each one after the other.
    double many(int writers, Duration time) throws InterruptedException {
        var done = new AtomicLong();
        long begun = env.nanoTime();
        long end = begun + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            int number = i;
            threads.add(env.start("writer " + i, () -> commitUntil(end, number, done)));
        }
        for (Thread thread : threads)
            if (!thread.join(Duration.ofSeconds(SECONDS_MAX)))
                throw new AssertionError("a writer hangs");
        return done.get() * 1e9 / (env.nanoTime() - begun);
    }

    private void commitUntil(long end, int number, AtomicLong done) {
        while (env.nanoTime() - end < 0) {
            commit(number);
            done.incrementAndGet();
        }
    }

    private void commit(int number) {
        db.write(new WriteBatch().put(Bytes.utf8("key " + number), value), Durability.LOCAL);
    }
}
