package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.disk.SimulatedDisk;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many log objects steady small writes cost: each object is a request that is paid for.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD) // the one that made the world
class LogObjectsTest {
    private static final Duration TIME = Duration.ofMinutes(10);
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(20);
    private static final int WRITERS = 2;
    private static final int OBJECTS_MAX = 500;

    // Those of `serve`, as ServeConfigTest holds it to.
    private static final Settings OF_SERVE =
            Settings.defaults()
                    .but()
                    .flushInterval(Duration.ofSeconds(2))
                    .walPutIntervalMin(Duration.ofMillis(5))
                    .build();
    private static final LocalSettings LOCAL_OF_SERVE =
            LocalSettings.in(Path.of("/local")).withSegmentSize(ByteSize.mebibytes(16));

    private final Simulation simulation = new Simulation(3);
    private final SimulatedStore store = new SimulatedStore(simulation, StoreFaults.none());
    private final Node machine = simulation.node("machine");
    private final Env env = machine.env();
    private final LogPuts puts = new LogPuts(store.connect(machine));
    private int writers = WRITERS;
    private long written;
    private long inTenMinutes;

    /// Counts what is put into the log.
    private static final class LogPuts extends ForwardingStore {
        private long count;

        LogPuts(ObjectStore inner) {
            super(inner);
        }

        @Override
        public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
            if (name.contains("/wal/")) count++;
            return super.putIfAbsent(name, parts, putId);
        }
    }

    @Test
    void shouldPutAFewHundredLogObjectsInTenMinutesOfSteadySmallWrites() {
        env.start("server", this::serve);
        simulation.run(Duration.ofHours(1));

        System.out.printf(
                "%d writes in %d minutes: %d log objects%n",
                written, TIME.toMinutes(), inTenMinutes);
        assertEquals(0, writers);
        assertTrue(0 < inTenMinutes && inTenMinutes <= OBJECTS_MAX, "log objects: " + inTenMinutes);
    }

    private void serve() {
        HoldfastDb db =
                Engine.builder(ObjectStores.patient(puts, env), "db")
                        .env(env)
                        .settings(OF_SERVE)
                        .local(
                                LOCAL_OF_SERVE,
                                new SimulatedDisk(simulation, DiskFaults.none()).connect(machine))
                        .open();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            env.start("writer " + writer, () -> write(db, writer));
        }
    }

    private void write(HoldfastDb db, int writer) {
        long end = env.nanoTime() + TIME.toNanos();
        for (int i = 0; env.nanoTime() < end; i++) {
            Bytes key = Bytes.utf8("writer %d key %d".formatted(writer, i % 1000));
            db.write(new WriteBatch().put(key, Bytes.utf8("value " + i)), Durability.LOCAL);
            written++;
            pause();
        }
        if (--writers > 0) return;
        inTenMinutes = puts.count;
        db.close();
    }

    private void pause() {
        try {
            env.sleep(BETWEEN_WRITES);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
