package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.disk.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How often a machine with an empty disk waits for the store until its first read is answered:
/// every request takes one trip of the same time, so what the reading takes is a number of trips.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SAME_THREAD) // the one that made the world
class FirstReadTest {
    private static final Duration TRIP = Duration.ofMillis(10);
    private static final int CLAIM = 21; // whose it is, the epoch, the fence, the owner's word
    private static final int KEYS = 3000;
    private static final Bytes WANTED = Bytes.utf8("key 001234");
    private static final Settings SETTINGS =
            Settings.defaults()
                    .but()
                    .compaction(CompactionSettings.off())
                    .collectionInterval(Duration.ZERO)
                    .build();

    private final Simulation simulation = new Simulation(1);
    private final MemoryStore bucket = new MemoryStore();
    private final FarStore far = new FarStore(bucket, simulation.world());
    private boolean isThrough;

    /// A store whose every answer takes one trip.
    private static final class FarStore extends ForwardingStore {
        private final Env env;
        private final List<String> asked = new ArrayList<>();

        FarStore(ObjectStore inner, Env env) {
            super(inner);
            this.env = env;
        }

        private <T> T far(String question, Supplier<T> answer) {
            asked.add(question);
            try {
                env.sleep(TRIP);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            return answer.get();
        }

        @Override
        public Bytes get(String name) {
            return far("get " + name, () -> inner.get(name));
        }

        @Override
        public Bytes get(String name, long offset, int length) {
            return far("get part of " + name, () -> inner.get(name, offset, length));
        }

        @Override
        public Bytes getUpTo(String name, long offset, int lengthMax) {
            return far("get part of " + name, () -> inner.getUpTo(name, offset, lengthMax));
        }

        @Override
        public ObjectMeta head(String name) {
            return far("head " + name, () -> inner.head(name));
        }

        @Override
        public List<ObjectMeta> list(String prefix, String after, int limit) {
            return far("list " + prefix, () -> inner.list(prefix, after, limit));
        }

        @Override
        public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
            return far("create " + name, () -> inner.putIfAbsent(name, parts, putId));
        }
    }

    @Test
    void shouldAnswerAReaderAfterFourTripsAndThoseOfTheLogsTail() {
        fill(0);
        Node machine = simulation.node("reader");
        run(
                machine,
                () -> {
                    long begin = machine.env().nanoTime();
                    try (DbReader reader = builder(far, machine).openReader()) {
                        assertEquals(value(1234), reader.get(WANTED));
                        // The end of the log is known by two questions: no next object, no next
                        // manifest.
                        assertTrips(4 + 2, machine, begin);
                    }
                });
    }

    @Test
    void shouldWaitForEachObjectOfTheLogsTail() {
        fill(3);
        Node machine = simulation.node("reader");
        run(
                machine,
                () -> {
                    long begin = machine.env().nanoTime();
                    try (DbReader reader = builder(far, machine).openReader()) {
                        assertEquals(value(1234), reader.get(WANTED));
                        assertTrips(4 + 2 + 3 * 2, machine, begin);
                    }
                });
    }

    @Test
    void shouldReadNoTableUntilItIsAskedAlsoWhereItClaimsTheDatabase() {
        fill(0);
        Node machine = simulation.node("writer");
        var disk = new SimulatedDisk(simulation, DiskFaults.none()).connect(machine);
        var local = LocalSettings.in(Path.of("/local"));
        run(
                machine,
                () -> {
                    long begin = machine.env().nanoTime();
                    try (HoldfastDb db = builder(far, machine).local(local, disk).open()) {
                        assertTrue(
                                far.asked.stream().noneMatch(each -> each.contains("compacted")));
                        assertEquals(value(1234), db.get(WANTED));
                        assertTrips(4 + CLAIM, machine, begin);
                    }
                });
    }

    private void assertTrips(int tripsMax, Node machine, long beginNanos) {
        long trips = (machine.env().nanoTime() - beginNanos) / TRIP.toNanos();
        assertTrue(trips <= tripsMax, () -> trips + " trips: " + String.join("\n", far.asked));
    }

    private void run(Node machine, Runnable story) {
        machine.env()
                .start(
                        "program",
                        () -> {
                            story.run();
                            isThrough = true;
                        });
        simulation.run(Duration.ofHours(1));
        assertTrue(isThrough, "it did not come to its end");
    }

    // One table, and `tail` objects of the log behind it that no table holds.
    private void fill(int tail) {
        Node machine = simulation.node("before");
        machine.env()
                .start(
                        "filler",
                        () -> {
                            HoldfastDb db = builder(bucket, machine).open();
                            var batch = new WriteBatch();
                            for (int i = 0; i < KEYS; i++) batch.put(key(i), value(i));
                            db.write(batch, Durability.MEMORY);
                            db.flushMemtables();
                            for (int i = 0; i < tail; i++)
                                db.write(
                                        new WriteBatch().put(key(KEYS + i), value(i)),
                                        Durability.REMOTE);
                            if (tail == 0) db.close();
                            else machine.kill();
                        });
        simulation.run(Duration.ofHours(1));
    }

    private static EngineBuilder builder(ObjectStore store, Node machine) {
        return Engine.builder(store, "db").settings(SETTINGS).env(machine.env());
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key %06d".formatted(i));
    }

    private static Bytes value(int i) {
        return Bytes.utf8("value %0100d".formatted(i));
    }
}
