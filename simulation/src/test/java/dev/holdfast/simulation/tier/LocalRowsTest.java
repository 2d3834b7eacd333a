package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.format.local.RecordHead;
import dev.holdfast.format.local.SegmentHead;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.disk.SimulatedDisk;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFaults;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Single faults of a local log, played through in worlds of their own.
@Timeout(120)
class LocalRowsTest {
    private static final int SEEDS = 5;
    private static final Path HOME = Path.of("/local");
    private static final Path SEGMENT = HOME.resolve("segment-%020d.log".formatted(1));
    private static final Duration OUTAGE = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LIMIT = 16 << 10;
    private static final int VALUE_BYTES = 400;
    private static final int REMOTE = 5; // the commits that the store has when the record is hit
    private static final int LOCAL = 12; // those that the disk has then

    private Simulation simulation = new Simulation(0);
    private SimulatedStore store = new SimulatedStore(simulation, StoreFaults.none());
    private SimulatedDisk disk = new SimulatedDisk(simulation, DiskFaults.none());
    private int machines;

    /// What happens in a world.
    private interface Story {
        void tell(long seed) throws InterruptedException, DiskException;
    }

    private void tell(Story story) {
        for (long seed = 0; seed < SEEDS; seed++) {
            simulation = new Simulation(seed);
            store = new SimulatedStore(simulation, StoreFaults.none());
            disk = new SimulatedDisk(simulation, DiskFaults.none());
            var isThrough = new boolean[1];
            long told = seed;
            simulation
                    .world()
                    .start(
                            "director",
                            () -> {
                                try {
                                    story.tell(told);
                                    isThrough[0] = true;
                                } catch (InterruptedException | DiskException failed) {
                                    throw new AssertionError(failed);
                                }
                            });
            simulation.run(Duration.ofHours(2));
            assertTrue(isThrough[0], "it did not come to its end. seed=" + seed);
        }
    }

    private Node machine() {
        return simulation.node("machine " + machines++);
    }

    private HoldfastDb open(Node machine) {
        var settings =
                Settings.defaults()
                        .but()
                        .untended()
                        .flushInterval(Duration.ofMinutes(10))
                        .writeTimeout(PATIENCE)
                        .build();
        var local =
                LocalSettings.in(HOME)
                        .withSegmentSize(ByteSize.kibibytes(64))
                        .withCacheSize(ByteSize.bytes(0))
                        .withShipInterval(OUTAGE.multipliedBy(2))
                        .withUnshippedMax(ByteSize.bytes(LIMIT), Duration.ZERO);
        return Engine.builder(ObjectStores.patient(store.connect(machine), machine.env()), "db")
                .env(machine.env())
                .settings(settings)
                .local(local, disk.connect(machine))
                .open();
    }

    private DbReader reader() {
        return Engine.builder(store.atRest(), "db").env(simulation.world()).openReader();
    }

    private static WriteBatch row(int number) {
        return new WriteBatch().put(key(number), Bytes.wrap(new byte[VALUE_BYTES]));
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key %06d".formatted(number));
    }

    // One commit after the other is forced: the first few are in the store, too.
    private void dieWithATail() throws InterruptedException {
        Node machine = machine();
        HoldfastDb db = open(machine);
        for (int i = 1; i <= LOCAL; i++)
            db.write(row(i), i <= REMOTE ? Durability.REMOTE : Durability.LOCAL);
        machine.kill();
    }

    // Damages the first record whose commit is `seq`.
    private void damageRecordOf(long seq) throws DiskException {
        Disk link = disk.connect(machine());
        try (DiskFile file = link.open(SEGMENT, OpenMode.WRITE)) {
            var content = ByteBuffer.allocate((int) file.size());
            file.read(content, 0);
            byte[] bytes = content.array();
            int at = SegmentHead.BYTES;
            RecordHead head = RecordHead.decode(bytes, at);
            while (head.seq() != seq) {
                at += (int) RecordHead.spaceFor(head.length());
                head = RecordHead.decode(bytes, at);
            }
            file.write(List.of(Bytes.utf8("not what was written")), at + RecordHead.BYTES + 8);
            file.force(Force.CONTENT);
        }
    }

    @Test
    @Tag("WAL-05")
    void shouldRefuseToGoOnWhereWhatWasForcedIsDamagedAndNowhereElse() {
        tell(seed -> {
            // given
            dieWithATail();
            damageRecordOf(REMOTE + 1 + seed);
            // when, then: again and again, and nothing of it is touched
            for (int attempt = 0; attempt < 2; attempt++) {
                var damaged = assertThrows(CorruptData.class, () -> open(machine()));
                assertTrue(damaged.getMessage().contains("segment-"), damaged.getMessage());
                assertTrue(damaged.getMessage().contains("offset="), damaged.getMessage());
            }
            // the bucket is whole, and has what it had
            try (DbReader reader = reader()) {
                assertEquals(REMOTE, reader.status().seq());
            }
        });
    }

    @Test
    @Tag("WAL-05")
    @Tag("LOC-13")
    void shouldGoOnWhereTheStoreHasWhatIsDamagedHere() {
        tell(seed -> {
            dieWithATail();
            damageRecordOf(1 + seed % REMOTE);

            HoldfastDb db = open(machine());

            for (int i = 1; i <= LOCAL; i++) assertTrue(db.get(key(i)) != null, "row " + i);
            assertEquals(LOCAL, db.watermarks().local());
            db.close();
        });
    }

    @Test
    @Tag("LOC-11")
    void shouldHoldWritersUpAtTheLimitOfAnOutageAndDrainInOrderAfterwards() {
        tell(seed -> {
            // given
            Node machine = machine();
            Env env = machine.env();
            HoldfastDb db = open(machine);
            db.write(row(0), Durability.REMOTE);
            store.breakDown(OUTAGE);
            // when: somebody writes on
            int written = 1;
            long refusedAfter = 0;
            while (refusedAfter == 0) {
                long begun = env.nanoTime();
                try {
                    db.write(row(written), Durability.LOCAL);
                    written++;
                } catch (Unavailable refused) {
                    assertTrue(refused.getMessage().startsWith("backpressure"), "" + refused);
                    refusedAfter = env.nanoTime() - begun;
                }
            }
            // then: bounded in bytes and in time, and reads go on
            assertTrue(refusedAfter <= PATIENCE.plusSeconds(1).toNanos(), "" + refusedAfter);
            assertTrue(exposed(db) < LIMIT + 2 * VALUE_BYTES, "exposed " + exposed(db));
            for (int i = 0; i < written; i++) assertTrue(db.get(key(i)) != null, "row " + i);
            drain(db, written);
            for (int i = 0; i < 10; i++) db.write(row(written + i), Durability.LOCAL);
            db.shutdown(Mode.SMART, Duration.ofSeconds(30));
            requireWhole(written + 10);
        });
    }

    private static long exposed(HoldfastDb db) {
        LocalStatus status = db.local();
        if (status == null) throw new AssertionError("no local log");
        return status.exposure().bytes();
    }

    // The mark of the store only rises, and what it says is there is there.
    private void drain(HoldfastDb db, int written) throws InterruptedException {
        long remote = 0;
        for (Duration waited = Duration.ZERO; remote < written; waited = waited.plusMillis(100)) {
            assertTrue(waited.compareTo(OUTAGE.multipliedBy(2)) < 0, "remote " + remote);
            simulation.world().sleep(Duration.ofMillis(100));
            long now = db.watermarks().remote();
            assertTrue(remote <= now, remote + ", then " + now);
            if (remote < now) requireWhole((int) now);
            remote = now;
        }
    }

    // The bucket alone has the first `count` rows at least, and no hole.
    private void requireWhole(int count) {
        try (DbReader reader = reader()) {
            int found = 0;
            while (reader.get(key(found)) != null) found++;
            assertTrue(count <= found, count + " reported, found " + found);
            assertEquals(reader.status().seq(), found);
        }
    }
}
