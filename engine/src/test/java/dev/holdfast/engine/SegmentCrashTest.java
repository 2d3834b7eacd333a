package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.CrashingStore;
import dev.holdfast.objectstore.fault.CrashingStore.Moment;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Stops the world at calls spread over the life of a database with segments: its writer's, and its
/// compactor's.
@Timeout(120)
class SegmentCrashTest {
    private static final int STEPS = 30;
    // Keys are k0 to k29: ten segments.
    private static final SegmentRules RULES = SegmentRules.by(PrefixExtractor.fixed(2));

    static LongStream seeds() {
        return LongStream.range(0, 4);
    }

    private static Workload workloadOf(long seed) {
        return (seed & 1) == 0 ? new Workload(seed) : Workload.merging(seed);
    }

    private static EngineBuilder builder(ObjectStore store, Settings settings) {
        return Engine.builder(store, "db")
                .settings(settings)
                .segments(RULES)
                .mergeOperator(TestRow.CONCATENATE);
    }

    private static Settings settings(long seed) {
        return RandomSettings.tiny(new Random(seed))
                .writeTimeout(Duration.ofMillis(300))
                .closeTimeout(Duration.ofMillis(150))
                .build();
    }

    private static Settings patient(long seed) {
        return RandomSettings.tiny(new Random(~seed)).build();
    }

    private static Workload runUntilCrash(long seed, ObjectStore store) {
        var workload = workloadOf(seed);
        HoldfastDb db;
        try {
            db = builder(store, settings(seed)).open();
        } catch (StorageException.Unavailable dead) {
            return workload;
        }
        try {
            if (workload.run(db, STEPS)) db.shutdown(Mode.SMART, Duration.ofMillis(300));
        } finally {
            db.shutdown(Mode.IMMEDIATE, Duration.ofMillis(100));
        }
        return workload;
    }

    private static void requireSound(
            Workload workload, ObjectStore store, String where, long seed) {
        for (int life = 0; life < 2; life++)
            try (HoldfastDb db = builder(store, patient(seed)).open()) {
                assertEquals("", workload.differenceFrom(db), where);
            }
        assertTrue(Engine.fsck(store, "db").isSound(), where);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEveryAcknowledgedWriteWhenTheWriterDies(long seed) {
        var counting = new CountingStore();
        try (HoldfastDb db = builder(counting, patient(seed)).open()) {
            assertTrue(workloadOf(seed).run(db, STEPS));
        }
        long calls = counting.calls();
        for (long crashAt = seed; crashAt < calls; crashAt += 13) {
            for (Moment moment : new Moment[] {Moment.BEFORE, Moment.APPLIED}) {
                var store = new CrashingStore(new MemoryStore(), crashAt, moment);
                Workload workload = runUntilCrash(seed, store);
                String where = "seed=" + seed + " crashAt=" + crashAt + " " + moment;
                requireSound(workload, store.asLeftBehind(), where, seed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldLoseNothingWhenTheCompactorDies(long seed) throws InterruptedException {
        for (long crashAt = seed; crashAt < 160; crashAt += 17) {
            for (Moment moment : new Moment[] {Moment.BEFORE, Moment.APPLIED}) {
                var left = new MemoryStore();
                var workload = workloadOf(seed);
                try (HoldfastDb db = builder(left, patient(seed)).open()) {
                    assertTrue(workload.run(db, STEPS));
                }
                compact(new CrashingStore(left, crashAt, moment), Duration.ofMillis(500));
                String where = "seed=" + seed + " crashAt=" + crashAt + " " + moment;
                requireSound(workload, left, where, seed);
                compact(left, Duration.ofSeconds(60));
                requireSound(workload, left, where, seed);
            }
        }
    }

    // Ends at the crash, or when everything is compacted.
    private static void compact(ObjectStore store, Duration patience) throws InterruptedException {
        var everything = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings how =
                Settings.defaults()
                        .but()
                        .compaction(everything)
                        .closeTimeout(Duration.ofMillis(300))
                        .build();
        StandaloneCompactor compactor = builder(store, how).compactor();
        try {
            compactor.start();
            compactor.awaitIdle(patience);
        } catch (StorageException dead) {
            assertTrue(
                    store instanceof CrashingStore crashing && crashing.hasCrashed(),
                    dead::toString);
        } finally {
            compactor.stop(Mode.IMMEDIATE, Duration.ofMillis(300));
        }
    }
}
