package dev.holdfast.bench.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// How well the link to the store is used while what was committed at LOCAL is shipped, and how
/// many puts that takes.
final class ShippingCost {
    private static final long LINK = 40L << 20;
    private static final long GIBIBYTE = 1L << 30;
    private static final int VALUE_BYTES = 1024;
    private static final int ROWS = 256;
    private static final int WRITERS = 4;
    private static final int OBJECT_BYTES = 64 << 20;
    private static final int OBJECTS_EACH = 2;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration TICK = Duration.ofMillis(10);

    private final Path directory;
    private final Env env;
    private final byte[] noise = new byte[1 << 20];

    ShippingCost(Path directory, Env env) {
        this.directory = directory;
        this.env = env;
        new SplittableRandom(1).nextBytes(noise);
    }

    void measure(Verdicts verdicts) throws InterruptedException {
        double raw = rawBandwidth();
        var store = new PacedStore(new MemoryStore(), LINK, env);
        Path log = directory.resolve("log-" + Long.toHexString(env.randomLong()));
        try (HoldfastDb db =
                Engine.builder(store, "bench")
                        .settings(Settings.defaults().but().untended().build())
                        .local(LocalSettings.in(log))
                        .open()) {
            long putsBefore = store.puts();
            long bytesBefore = store.bytesPut();
            long begun = env.nanoTime();
            inParallel(writer -> write(db, writer));
            db.flushMemtables();
            awaitShipped(db);
            long nanos = env.nanoTime() - begun;
            double bandwidth = (store.bytesPut() - bytesBefore) * 1e3 / nanos;
            verdicts.atLeast("MB a second through the link", raw, bandwidth, 0.9);
            verdicts.count("puts for a GiB of rows", store.puts() - putsBefore, 40);
        }
    }

    // Megabytes a second.
    private double rawBandwidth() throws InterruptedException {
        var store = new PacedStore(new MemoryStore(), LINK, env);
        Bytes object = Bytes.wrap(new byte[OBJECT_BYTES]);
        long begun = env.nanoTime();
        inParallel(number -> {
            for (int i = 0; i < OBJECTS_EACH; i++)
                store.putIfAbsent(number + "-" + i, List.of(object), Ulid.next(env));
        });
        return store.bytesPut() * 1e3 / (env.nanoTime() - begun);
    }

    private interface Numbered {
        void run(int number);
    }

    private void inParallel(Numbered work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            threads.add(env.start("writer " + i, () -> work.run(number)));
        }
        for (Thread thread : threads)
            if (!thread.join(LONGEST)) throw new AssertionError("a writer hangs");
    }

    private void write(HoldfastDb db, int writer) {
        var random = new SplittableRandom(writer);
        for (long bytes = 0; bytes < GIBIBYTE / WRITERS; bytes += ROWS * VALUE_BYTES) {
            var batch = new WriteBatch();
            for (int i = 0; i < ROWS; i++) batch.put(key(random), value(random));
            db.write(batch, Durability.LOCAL);
        }
    }

    private static Bytes key(SplittableRandom random) {
        return Bytes.utf8("key%016x".formatted(random.nextLong()));
    }

    private Bytes value(SplittableRandom random) {
        return Bytes.wrap(noise, random.nextInt(noise.length - VALUE_BYTES), VALUE_BYTES);
    }

    private void awaitShipped(HoldfastDb db) throws InterruptedException {
        long giveUp = env.nanoTime() + LONGEST.toNanos();
        while (db.watermarks().remote() < db.watermarks().applied()) {
            if (giveUp - env.nanoTime() < 0) throw new AssertionError("not shipped");
            env.sleep(TICK);
        }
    }
}
