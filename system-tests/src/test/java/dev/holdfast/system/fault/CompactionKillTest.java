package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.s3.twin.Call;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.ProcessTree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real `holdfast compact`, killed at a write to its bucket, before or after that has had its
/// effect: what is in the database stays the same, the next compaction ends, and a collector leaves
/// nothing behind.
class CompactionKillTest {
    private static final int TABLES = 4;
    private static final int KEYS = 120;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// When the write that it is killed at has its effect.
    private enum Moment {
        BEFORE,
        AFTER
    }

    @TempDir Path folder;

    private final long seed = Long.getLong("compact.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    @Tag("CMP-01")
    void shouldLoseNothingWhenACompactionIsKilledAtSomeOfItsWrites() throws Exception {
        System.out.println("compact.seed=" + seed);
        try (Bucket bucket = new Bucket()) {
            int writes = writesOfAWhole(bucket);
            for (int kill = 0; kill < 5; kill++)
                killAt(bucket, random.nextInt(writes), Moment.values()[random.nextInt(2)]);
        }
    }

    @Test
    @Tag("long")
    @Tag("CMP-01")
    void shouldLoseNothingWhenACompactionIsKilledAtAnyOfItsWrites() throws Exception {
        try (Bucket bucket = new Bucket()) {
            int writes = writesOfAWhole(bucket);
            for (int nth = 0; nth < writes; nth++)
                for (Moment moment : Moment.values()) killAt(bucket, nth, moment);
            Figures.record("kills of a compaction, before and after each write", 2 * writes);
        }
    }

    private int writesOfAWhole(Bucket bucket) throws Exception {
        bucket.fill("whole", TABLES, KEYS);
        var writes = new AtomicInteger();
        bucket.twin()
                .follow(call -> {
                    if (isWrite(call)) writes.incrementAndGet();
                    return new Twist.None();
                });
        assertEquals(0, run(bucket, "whole").waitFor());
        bucket.twin().behave();
        assertTrue(6 < writes.get(), "writes=" + writes);
        return writes.get();
    }

    private void killAt(Bucket bucket, int nth, Moment moment) throws Exception {
        String where = "compact.seed=" + seed + " nth=" + nth + " " + moment;
        String path = "db-" + nth + "-" + moment + "-" + random.nextInt(1 << 20);
        TreeMap<Bytes, Bytes> model = bucket.fill(path, TABLES, KEYS);
        // when
        var reached = new CountDownLatch(1);
        var writes = new AtomicInteger();
        bucket.twin()
                .follow(call -> {
                    if (!isWrite(call) || writes.getAndIncrement() != nth) return new Twist.None();
                    reached.countDown();
                    return switch (moment) {
                        case BEFORE -> new Twist.Silence();
                        case AFTER -> new Twist.DoAndSilence();
                    };
                });
        Process process = run(bucket, path);
        // How often it writes down what is finished is its own affair: it may be through before.
        process.onExit().thenRun(reached::countDown);
        try {
            assertTrue(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), where);
        } finally {
            ProcessTree.kill(process);
        }
        bucket.twin().behave();
        // then: the same, before and after somebody takes up the work
        assertEquals(model, bucket.contents(path), where);
        bucket.touch(path); // so that there is something to do for sure
        bucket.compact(path);
        assertEquals(model, bucket.contents(path), where);
        bucket.touch(path);
        Engine.collect(
                bucket.store(),
                path,
                new CollectionRules(Duration.ZERO, CollectionRules.Sweep.REMOVE));
        assertEquals(List.of(), bucket.fsck(path).problems(), where);
        assertEquals(List.of(), bucket.fsck(path).orphans(), where);
        assertEquals(model, bucket.contents(path), where);
    }

    private Process run(Bucket bucket, String path) throws Exception {
        return Conditions.ofVerbs()
                .builder(
                        List.of(
                                "compact",
                                "--style",
                                "everything",
                                "--table-size",
                                "4KiB",
                                "--data",
                                bucket.url(),
                                "--path",
                                path))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("compact.log").toFile())
                .start();
    }

    private static boolean isWrite(Call call) {
        return call.operation() == Operation.PUT || call.operation() == Operation.DELETE;
    }
}
