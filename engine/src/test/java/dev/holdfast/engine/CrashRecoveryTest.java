package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.iter.Seeds;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Stops the world at object-store calls spread over a random workload, opens again, and compares.
class CrashRecoveryTest {
    private static final int STEPS = 30;

    static LongStream seeds() {
        return Seeds.fresh(4);
    }

    // Half of them merge, and would show an operand that is lost, or counts twice.
    private static Workload workloadOf(long seed) {
        return (seed & 1) == 0 ? new Workload(seed) : Workload.merging(seed);
    }

    private static HoldfastDb opened(ObjectStore store, String path, Settings settings) {
        return Engine.builder(store, path)
                .settings(settings)
                .mergeOperator(TestRow.CONCATENATE)
                .open();
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

    private static long callsOf(long seed) {
        var store = new CountingStore();
        var workload = workloadOf(seed);
        try (HoldfastDb db = opened(store, "", patient(seed))) {
            assertTrue(workload.run(db, STEPS));
        }
        return store.calls();
    }

    /// Runs the workload until `store` dies.
    private static Workload runUntilCrash(long seed, ObjectStore store) {
        var workload = workloadOf(seed);
        runUntilCrash(workload, seed, store);
        return workload;
    }

    private static void runUntilCrash(Workload workload, long seed, ObjectStore store) {
        HoldfastDb db;
        try {
            db = opened(store, "", settings(seed));
        } catch (StorageException.Unavailable dead) {
            return;
        }
        try {
            if (workload.run(db, STEPS)) db.shutdown(Mode.SMART, Duration.ofMillis(300));
        } finally {
            db.shutdown(Mode.IMMEDIATE, Duration.ofMillis(100));
        }
    }

    private static void assertSound(Workload workload, ObjectStore store, String where, long seed) {
        try (HoldfastDb db = opened(store, "", patient(seed))) {
            assertEquals("", workload.differenceFrom(db), where);
        }
        // Closed right after recovery, and opened again.
        try (HoldfastDb db = opened(store, "", patient(seed))) {
            assertEquals("", workload.differenceFrom(db), "reopened " + where);
            assertEquals(0, db.stats().walRecordsReplayed(), "replays after a close " + where);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Tag("WAL-01")
    @Tag("WAL-02")
    void shouldKeepEveryAcknowledgedWriteWhenTheWriterDies(long seed) {
        long calls = callsOf(seed);
        for (long crashAt = seed & 7; crashAt < calls; crashAt += 7) {
            for (Moment moment : new Moment[] {Moment.BEFORE, Moment.APPLIED}) {
                // given
                var store = new CrashingStore(new MemoryStore(), crashAt, moment);
                // when
                Workload workload = runUntilCrash(seed, store);
                // then
                String where = "seed=" + seed + " crashAt=" + crashAt + " " + moment;
                assertSound(workload, store.asLeftBehind(), where, seed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Tag("OBJ-07")
    void shouldIgnoreThePutOfADeadWriterThatLandsLate(long seed) {
        long calls = callsOf(seed);
        for (long crashAt = seed & 7; crashAt < calls; crashAt += 7) {
            // given
            var store = new CrashingStore(new MemoryStore(), crashAt, Moment.LATE);
            Workload workload = runUntilCrash(seed, store);
            String where = "seed=" + seed + " crashAt=" + crashAt + " LATE";
            ObjectStore left = store.asLeftBehind();
            // when
            HoldfastDb db = opened(left, "", patient(seed));
            assertEquals("", workload.differenceFrom(db), where);
            store.landLate();
            assertTrue(workload.run(db, STEPS), where);
            db.close();
            // then
            assertSound(workload, left, where, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Tag("WAL-07")
    void shouldLoseNothingWhenRecoveryDiesAgainAndAgain(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 3; round++) {
            // given
            var first =
                    new CrashingStore(new MemoryStore(), 20 + random.nextInt(60), Moment.APPLIED);
            Workload workload = runUntilCrash(seed, first);
            ObjectStore left = first.asLeftBehind();
            // when
            for (int again = 0; again < 12; again++) {
                Moment moment = random.nextBoolean() ? Moment.BEFORE : Moment.APPLIED;
                var store = new CrashingStore(left, again, moment);
                try {
                    HoldfastDb db = opened(store, "", settings(seed + again));
                    db.shutdown(Mode.IMMEDIATE, Duration.ofMillis(100));
                } catch (StorageException.Unavailable dead) {
                    continue;
                }
            }
            // then
            assertSound(workload, left, "seed=" + seed + " round=" + round, seed);
        }
    }

    /// What SlateDB 0.12.1 loses: rows of one log object spread over several memtables, and an end
    /// after the first of them reached L0.
    @ParameterizedTest
    @MethodSource("seeds")
    @Tag("WAL-12")
    void shouldLoseNothingWhenRecoveryEndsBetweenTwoTablesOfOneLogObject(long seed) {
        for (int crashAt = 0; crashAt < 60; crashAt += 4) {
            // given: one log object with many commits
            var left = new MemoryStore();
            var workload = workloadOf(seed);
            Settings large =
                    Settings.defaults()
                            .but()
                            .flushInterval(Duration.ofHours(1))
                            .manifestPollInterval(Duration.ofHours(1))
                            .build();
            HoldfastDb db = opened(left, "", large);
            assertTrue(workload.commit(db, 40));
            db.flush();
            workload.acknowledgeAll();
            db.shutdown(Mode.IMMEDIATE, Duration.ofMillis(100));
            // when: recovery makes many small memtables of it, and dies on the way
            Settings small =
                    settings(seed)
                            .but()
                            .l0SstSize(ByteSize.bytes(256))
                            .unflushedMax(ByteSize.bytes(512))
                            .build();
            try (var store = new CrashingStore(left, crashAt, Moment.APPLIED)) {
                HoldfastDb dying = opened(store, "", small);
                dying.shutdown(Mode.IMMEDIATE, Duration.ofMillis(100));
            } catch (StorageException.Unavailable dead) {
                // as meant
            }
            // then
            assertSound(workload, left, "seed=" + seed + " crashAt=" + crashAt, seed);
        }
    }
}
