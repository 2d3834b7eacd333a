package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rows of the store, the cache and the clock: long outages, missing objects, deletes that may
/// have happened, a thousand readers of one block, clocks that jump.
@Timeout(120)
class StoreRowsTest {
    private static final int READERS = 1_000;
    private static final Duration SETTLED = Duration.ofMinutes(2);

    @ParameterizedTest
    @CsvSource({"1", "60", "3600"})
    @Tag("OBJ-20")
    void shouldFailInTimeDuringAnOutageAndGoOnAfterIt(int seconds) {
        Scene.tell(
                "outage",
                scene -> {
                    // given
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    HoldfastDb db = scene.open(machine, Scene.TINY);
                    Scene.write(db, model, 5, Durability.REMOTE);
                    // when
                    scene.store().breakDown(Duration.ofSeconds(seconds));
                    long start = scene.world().nanoTime();
                    while (Duration.ofNanos(scene.world().nanoTime() - start).toSeconds()
                            < seconds) {
                        long before = scene.world().nanoTime();
                        try {
                            Scene.write(db, model, 1, Durability.REMOTE);
                        } catch (Unavailable inTime) {
                            Duration took = Duration.ofNanos(scene.world().nanoTime() - before);
                            assertTrue(took.compareTo(Duration.ofSeconds(11)) < 0, "took " + took);
                        }
                        scene.world().sleep(Duration.ofMillis(500));
                    }
                    // then: it works again by itself, and what was acknowledged is there
                    scene.world().sleep(SETTLED);
                    db.write(Scene.row("after", "1"), Durability.REMOTE);
                    db.flushMemtables();
                    machine.kill();
                    var found = Scene.contents(scene.open(scene.machine(), Scene.TINY));
                    assertEquals("1", found.remove("after"));
                    assertTrue(found.entrySet().containsAll(model.entrySet()), found + " " + model);
                });
    }

    @Test
    @Tag("OBJ-13")
    void shouldNameTheTableThatIsGoneAndReadOnWhenItIsBack() {
        Scene.tell(
                "missing table",
                scene -> {
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    Scene.write(db, model, 5, Durability.REMOTE);
                    db.flushMemtables();
                    HoldfastDb reopened = scene.open(scene.machine(), Scene.TINY);
                    String table = scene.names("compacted").getFirst();
                    Bytes bytes = scene.atRest().get(table);
                    assertTrue(bytes != null);
                    scene.atRest().delete(table);

                    var met = assertThrows(CorruptData.class, () -> Scene.contents(reopened));

                    assertTrue(met.getMessage().contains(table), met.getMessage());
                    scene.atRest().put(table, List.of(bytes));
                    assertEquals(model, Scene.contents(reopened));
                });
    }

    @Test
    @Tag("OBJ-15")
    void shouldCollectEverythingInTheEndWhenDeletesMayHaveHappened() {
        StoreFaults faults = StoreFaults.only(StoreFault.DELETE_AMBIGUOUS, 3_000);
        Scene.tell(
                "ambiguous deletes",
                faults,
                scene -> {
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    HoldfastDb db = scene.open(machine, Scene.TINY);
                    int names = 0;
                    int cut = 0;
                    for (int i = 0; i < 5; i++) {
                        Scene.write(db, model, 5, Durability.REMOTE);
                        db.flushMemtables();
                        scene.world().sleep(Duration.ofMinutes(10));
                        names = Math.max(names, scene.names("wal").size());
                        try {
                            scene.collect(machine, Duration.ofMinutes(5));
                        } catch (Unavailable halfway) {
                            cut++;
                        }
                    }
                    scene.store().follow(StoreFaults.none());
                    scene.world().sleep(Duration.ofMinutes(10));
                    scene.collect(machine, Duration.ofMinutes(5));
                    assertEquals(0, scene.collect(machine, Duration.ofMinutes(5)).objects());
                    assertTrue(scene.names("wal").size() < names, "nothing was removed");
                    FsckReport report = Engine.fsck(scene.atRest(), Scene.PATH);
                    assertTrue(report.isSound(), report::toString);
                    assertEquals(model, Scene.contents(db));
                });
    }

    @Test
    @Tag("CAC-04")
    void shouldFetchAColdBlockOnceForAThousandReaders() {
        Scene.tell(
                "cold block",
                scene -> {
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    Scene.write(db, model, 3, Durability.REMOTE);
                    db.flushMemtables();
                    db.close();
                    Node machine = scene.machine();
                    var store = new HookedStore(scene.link(machine));
                    Settings settings =
                            Settings.defaults().but().blockCacheSize(ByteSize.mebibytes(1)).build();
                    HoldfastDb cold = scene.open(store, machine, settings);
                    int before = store.gets();
                    String key = model.firstKey();
                    var readers = new ArrayList<Thread>();
                    var found = new ArrayList<String>();
                    for (int i = 0; i < READERS; i++)
                        readers.add(
                                machine.env()
                                        .start(
                                                "reader",
                                                () ->
                                                        found.add(
                                                                cold.get(Bytes.utf8(key))
                                                                        .toUtf8())));
                    for (Thread each : readers) each.join();

                    assertEquals(READERS, found.size());
                    assertTrue(found.stream().allMatch(model.get(key)::equals));
                    int gets = store.gets() - before; // footer, index, filter, block
                    assertTrue(0 < gets && gets <= 4, "gets: " + gets);
                });
    }

    @Test
    @Tag("SRV-07")
    void shouldExpireNothingEarlyAndNumberOnWhereverTheClockJumps() {
        Scene.tell(
                "jumping clock",
                scene -> {
                    var expected = new TreeMap<String, String>();
                    long start = scene.world().currentTimeMillis();
                    long seq = 0;
                    long[] hours = {0, 1, -1, 24, -24, 0};
                    for (int life = 0; life < hours.length; life++) {
                        Node machine = scene.machine();
                        machine.skewClock(Duration.ofHours(hours[life]));
                        HoldfastDb db = scene.open(machine, Scene.TINY);
                        assertEquals(expected, Scene.contents(db), "life " + life);
                        // when: a plain row, one that lives for two days, and a clock that jumps
                        // meanwhile
                        String key = "key" + life;
                        long next = db.write(Scene.row(key, "plain"), Durability.REMOTE);
                        assertTrue(seq < next, "seq " + next);
                        machine.skewClock(Duration.ofHours(scene.chance(10) - 5));
                        long twoDaysOn = start + Duration.ofDays(2).toMillis();
                        Bytes lasting = Bytes.utf8(key + " lasting");
                        var batch = new WriteBatch().put(lasting, Bytes.utf8("1"), twoDaysOn);
                        seq = db.write(batch, Durability.REMOTE);
                        assertEquals(next + 1, seq);
                        expected.put(key, "plain");
                        expected.put(key + " lasting", "1");
                        db.flushMemtables();
                        machine.kill();
                    }
                    // then: names stay in order, as many tables as flushes, and all is there
                    assertEquals(expected, Scene.contents(scene.open(scene.machine(), Scene.TINY)));
                    FsckReport report = Engine.fsck(scene.atRest(), Scene.PATH);
                    assertTrue(report.isSound(), report::toString);
                    // and what has had its time is gone, by the clock of who looks
                    Node late = scene.machine();
                    late.skewClock(Duration.ofDays(3));
                    expected.keySet().removeIf(key -> key.endsWith("lasting"));
                    assertEquals(expected, Scene.contents(scene.open(late, Scene.TINY)));
                });
    }
}
