package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.store.StoreFaults;
import dev.holdfast.simulation.store.StoreTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The rows of the log: holes, foreign objects, ends in the middle of recovery, writers that give
/// up. `-Dseed=7` tells one world again.
@Timeout(120)
class LogRowsTest {
    private static final Settings UNFLUSHED =
            Settings.defaults().but().untended().flushInterval(Duration.ofMillis(5)).build();
    private static final Settings ONE_LOG_OBJECT =
            Settings.defaults().but().untended().flushInterval(Duration.ofHours(1)).build();
    private static final Settings PATIENT =
            UNFLUSHED.but().writeTimeout(Duration.ofMinutes(10)).build();
    private static final StoreFaults SLOW =
            StoreFaults.none()
                    .at(
                            new StoreTiming(
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(10),
                                    Duration.ofSeconds(60),
                                    Duration.ofSeconds(600),
                                    Duration.ofSeconds(5),
                                    Duration.ofMillis(200)));

    private static Bytes stored(Scene scene, String name) {
        Bytes bytes = scene.atRest().get(name);
        if (bytes == null) throw new AssertionError("not there: " + name);
        return bytes;
    }

    @Test
    @Tag("WAL-03")
    void shouldRefuseAHoleInTheLogAndGoOnOnceItIsFilled() {
        Scene.tell(
                "hole",
                scene -> {
                    // given: log objects of a row each, one of which is not there
                    var model = new TreeMap<String, String>();
                    Node dead = scene.machine();
                    Scene.write(scene.open(dead, UNFLUSHED), model, 6, Durability.REMOTE);
                    dead.kill();
                    List<String> log = scene.names("wal");
                    String lost = log.get(log.size() - 2 - scene.chance(3));
                    Bytes bytes = stored(scene, lost);
                    scene.atRest().delete(lost);
                    // when
                    var met =
                            assertThrows(
                                    CorruptData.class,
                                    () -> scene.open(scene.machine(), UNFLUSHED));
                    // then: nothing behind the hole is shown without what is in it
                    assertTrue(met.getMessage().contains(lost), met.getMessage());
                    scene.atRest().put(lost, List.of(bytes));
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), UNFLUSHED)));
                });
    }

    @Test
    @Tag("WAL-06")
    void shouldRefuseALogObjectThatHoldsAnothersRows() {
        Scene.tell(
                "foreign log object",
                scene -> {
                    var model = new TreeMap<String, String>();
                    Node dead = scene.machine();
                    Scene.write(scene.open(dead, UNFLUSHED), model, 6, Durability.REMOTE);
                    dead.kill();
                    List<String> log = scene.names("wal");
                    int at = log.size() - 1 - scene.chance(3);
                    Bytes earlier = stored(scene, log.get(at - 1));
                    Bytes bytes = stored(scene, log.get(at));
                    scene.atRest().put(log.get(at), List.of(earlier));

                    var met =
                            assertThrows(
                                    CorruptData.class,
                                    () -> scene.open(scene.machine(), UNFLUSHED));

                    assertTrue(met.getMessage().contains(log.get(at)), met.getMessage());
                    scene.atRest().put(log.get(at), List.of(bytes));
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), UNFLUSHED)));
                });
    }

    @Test
    @Tag("WAL-07")
    void shouldRecoverTheSameThoughItIsKilledInItAHundredTimes() {
        Scene.tell(
                "killed recoveries",
                scene -> {
                    var model = new TreeMap<String, String>();
                    Node dead = scene.machine();
                    HoldfastDb db = scene.open(dead, ONE_LOG_OBJECT);
                    Scene.write(db, model, 40, Durability.MEMORY);
                    db.flush();
                    dead.kill();
                    for (int i = 0; i < 100; i++) {
                        Node machine = scene.machine();
                        machine.env().start("opener", () -> scene.open(machine, Scene.TINY));
                        scene.world().sleep(Duration.ofMillis(scene.chance(1_500)));
                        machine.kill();
                    }
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), Scene.TINY)));
                });
    }

    @Test
    @Tag("WAL-08")
    void shouldNotAcknowledgeAFailedWriteByALaterOne() {
        Scene.tell(
                "failed flush",
                scene -> {
                    Node machine = scene.machine();
                    HoldfastDb db = scene.open(machine, Scene.TINY);
                    db.write(Scene.row("before", "1"), Durability.REMOTE);
                    // when: one is not durable in time, and a later one is
                    scene.store().breakDown(Duration.ofSeconds(30));
                    assertThrows(
                            Unavailable.class,
                            () -> db.write(Scene.row("failed", "1"), Durability.REMOTE));
                    long failed = db.watermarks().applied();
                    assertTrue(db.watermarks().remote() < failed);
                    scene.world().sleep(Duration.ofSeconds(30));
                    long later = db.write(Scene.row("later", "1"), Durability.REMOTE);
                    machine.kill();
                    // then: what is acknowledged stands on everything before it
                    assertTrue(failed < later);
                    assertEquals(
                            List.of("before", "failed", "later"),
                            List.copyOf(
                                    Scene.contents(scene.open(scene.machine(), UNFLUSHED))
                                            .keySet()));
                });
    }

    @Test
    @Tag("WAL-09")
    void shouldHarmNobodyWhenAWriterGivesUpWaiting() {
        Scene.tell(
                "cancelled writer",
                scene -> {
                    Node machine = scene.machine();
                    HoldfastDb db = scene.open(machine, Scene.TINY);
                    scene.store().breakDown(Duration.ofSeconds(2));
                    var thrown = new ArrayList<RuntimeException>();
                    Thread waiting =
                            machine.env()
                                    .start(
                                            "writer",
                                            () -> {
                                                try {
                                                    db.write(
                                                            Scene.row("cancelled", "1"),
                                                            Durability.REMOTE);
                                                } catch (Unavailable interrupted) {
                                                    thrown.add(interrupted);
                                                }
                                            });
                    scene.world().sleep(Duration.ofMillis(1 + scene.chance(500)));
                    waiting.interrupt();
                    waiting.join();
                    assertEquals(1, thrown.size());
                    db.write(Scene.row("later", "1"), Durability.REMOTE);
                    // then: nothing is held, and the log is whole
                    var report = db.shutdown(Mode.SMART, Duration.ofSeconds(30));
                    assertEquals(ExitCode.CLEAN, report.exitCode(), report::toPage);
                    assertEquals(
                            List.of("cancelled", "later"),
                            List.copyOf(
                                    Scene.contents(scene.open(scene.machine(), UNFLUSHED))
                                            .keySet()));
                });
    }

    @Test
    @Tag("WAL-10")
    void shouldMakeWritersWaitWhenMemoryIsFullBehindASlowStore() {
        Scene.tell(
                "slow store",
                scene -> {
                    Node machine = scene.machine();
                    Settings settings =
                            Scene.TINY.but().writeTimeout(Duration.ofMinutes(10)).build();
                    HoldfastDb db = scene.open(machine, settings);
                    scene.store().follow(SLOW);
                    var threads = new ArrayList<Thread>();
                    for (int w = 0; w < 4; w++) {
                        String prefix = "writer" + w + "/";
                        threads.add(
                                machine.env()
                                        .start(
                                                prefix,
                                                () -> {
                                                    for (int i = 0; i < 40; i++) {
                                                        db.write(
                                                                Scene.row(
                                                                        prefix + i,
                                                                        "x".repeat(100)),
                                                                Durability.MEMORY);
                                                        long bytes = db.stats().memtableBytes();
                                                        assertTrue(
                                                                bytes
                                                                        <= settings.unflushedMax()
                                                                                .bytes(),
                                                                "holds " + bytes);
                                                    }
                                                }));
                    }
                    for (Thread each : threads) each.join();
                    assertEquals(160, Scene.contents(db).size());
                    scene.store().follow(StoreFaults.none());
                    db.close();
                    assertEquals(
                            160, Scene.contents(scene.open(scene.machine(), UNFLUSHED)).size());
                });
    }

    @Test
    @Tag("WAL-11")
    void shouldLetEachWriterWaitForItsOwnLevel() {
        Scene.tell(
                "mixed levels",
                scene -> {
                    Node machine = scene.machine();
                    HoldfastDb db = scene.open(machine, PATIENT);
                    scene.store().follow(SLOW);
                    var threads = new ArrayList<Thread>();
                    for (int w = 0; w < 6; w++) {
                        Durability level = w % 2 == 0 ? Durability.MEMORY : Durability.REMOTE;
                        String prefix = "writer" + w + "/";
                        threads.add(
                                machine.env()
                                        .start(
                                                prefix,
                                                () -> {
                                                    for (int i = 0; i < 5; i++) {
                                                        long start = machine.env().nanoTime();
                                                        long seq =
                                                                db.write(
                                                                        Scene.row(prefix + i, "1"),
                                                                        level);
                                                        long took =
                                                                machine.env().nanoTime() - start;
                                                        if (level == Durability.MEMORY)
                                                            assertTrue(took < 1_000_000, "" + took);
                                                        else
                                                            assertTrue(
                                                                    seq
                                                                            <= db.watermarks()
                                                                                    .remote());
                                                    }
                                                }));
                    }
                    for (Thread each : threads) each.join();
                    assertEquals(30, db.watermarks().applied());
                });
    }

    @Test
    @Tag("WAL-12")
    void shouldLoseNothingWhenItEndsRightAfterRecovery() {
        Scene.tell(
                "ends after recovery",
                scene -> {
                    // given: many commits in one log object, more than many memtables hold
                    var model = new TreeMap<String, String>();
                    Node dead = scene.machine();
                    HoldfastDb first = scene.open(dead, ONE_LOG_OBJECT);
                    Scene.write(first, model, 60, Durability.MEMORY);
                    first.flush();
                    dead.kill();
                    Settings tiny = Scene.TINY.but().l0SstSize(ByteSize.bytes(256)).build();
                    for (int i = 0; i < 15; i++) {
                        Node machine = scene.machine();
                        HoldfastDb db = scene.open(machine, tiny);
                        assertEquals(model, Scene.contents(db), "opening " + i);
                        // when: it ends before, while, or after what was replayed reaches tables
                        scene.world().sleep(Duration.ofMillis(scene.chance(200)));
                        if (scene.chance(3) == 0) db.close();
                        machine.kill();
                    }
                    // then
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), UNFLUSHED)));
                });
    }
}
