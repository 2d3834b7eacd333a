package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.HoldfastReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The rows of the reader: what it shows beside writers, compactors and collectors, and when the
/// store is gone.
@Timeout(120)
class ReaderRowsTest {
    private static final Duration OUTAGE = Duration.ofMinutes(10);

    private static void requireHappened(Map<String, Integer> happened, String... each) {
        for (String what : each)
            assertTrue(happened.getOrDefault(what, 0) > 0, what + " never happened: " + happened);
    }

    @Test
    @Tag("RD-02")
    @Tag("GC-02")
    void shouldShowOneMomentAfterAnotherWhateverWritersAndCollectorsDo() {
        var happened = new TreeMap<String, Integer>();
        Duration length = Duration.ofMinutes(60);
        Scene.tell("readers", scene -> new ReaderStory(scene, happened, length).tell());
        requireHappened(
                happened,
                "looked",
                "moved on",
                "young",
                "slow scan",
                "slow scan gone",
                "kept",
                "checkpoint read",
                "tables collected",
                "zombie refused");
        // What is durable shows soon, unless the store or the reader's machine is gone.
        assertTrue(9 * happened.get("looked") <= 10 * happened.get("young"), happened.toString());
    }

    @Test
    @Tag("RD-02")
    void shouldShowOneMomentAfterAnotherWhateverTheStoreDoes() {
        StoreFaults faults = StoreFaults.none();
        for (StoreFault fault : StoreFault.values())
            if (!fault.isCorruption() && fault != StoreFault.NO_ATTRIBUTES)
                faults = faults.with(fault, StoreFaults.usualRate(fault));
        var happened = new TreeMap<String, Integer>();
        Duration length = Duration.ofMinutes(20);
        Scene.tell("readers", faults, scene -> new ReaderStory(scene, happened, length).tell());
        requireHappened(happened, "looked", "moved on", "kept", "tables collected");
    }

    @Test
    @Tag("RD-01")
    void shouldGrowOldAndSaySoWhileTheStoreIsGone() {
        Scene.tell(
                "old reader",
                scene -> {
                    // given: one reader that will show anything, one that will not
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    Scene.write(db, model, 10, Durability.REMOTE);
                    db.flushMemtables();
                    Node machine = scene.machine();
                    var builder =
                            Engine.builder(scene.link(machine), Scene.PATH)
                                    .env(machine.env())
                                    .settings(
                                            Scene.TINY
                                                    .but()
                                                    .blockCacheSize(ByteSize.mebibytes(1))
                                                    .build());
                    HoldfastReader easy = builder.openReader(ReaderSettings.latest());
                    Duration max = Duration.ofMinutes(1);
                    HoldfastReader strict =
                            builder.openReader(ReaderSettings.latest().withStalenessMax(max));
                    assertEquals(model, Scene.contents(easy));
                    assertEquals(model, Scene.contents(strict));
                    // when
                    scene.store().breakDown(OUTAGE);
                    scene.world().sleep(OUTAGE.minusMinutes(1));
                    // then
                    assertEquals(model, Scene.contents(easy));
                    Duration age = easy.status().age();
                    assertTrue(0 < age.compareTo(OUTAGE.minusMinutes(2)), "age " + age);
                    assertTrue(0 < easy.status().failedLooks(), easy.status().toString());
                    long before = scene.world().nanoTime();
                    Bytes key = Bytes.utf8(model.firstKey());
                    assertThrows(Unavailable.class, () -> strict.get(key));
                    assertThrows(Unavailable.class, () -> Scene.contents(strict));
                    assertEquals(before, scene.world().nanoTime(), "it waited for the store");
                    // and it is well again soon after the store is, without being asked
                    scene.world().sleep(Duration.ofMinutes(3));
                    Scene.write(db, model, 1, Durability.REMOTE);
                    scene.world().sleep(Duration.ofSeconds(30));
                    assertEquals(model, Scene.contents(strict));
                    assertEquals(model, Scene.contents(easy));
                });
    }

    @Test
    @Tag("RD-01")
    void shouldCloseInTimeWhileTheStoreIsGone() {
        Scene.tell(
                "reader closed in an outage",
                scene -> {
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    Scene.write(db, model, 10, Durability.REMOTE);
                    Node machine = scene.machine();
                    var builder =
                            Engine.builder(scene.link(machine), Scene.PATH)
                                    .env(machine.env())
                                    .settings(Scene.TINY);
                    HoldfastReader follower = builder.openReader(ReaderSettings.latest());
                    HoldfastReader keeper =
                            builder.openReader(
                                    ReaderSettings.heldCheckpoint(Duration.ofMinutes(1)));
                    scene.store().breakDown(Duration.ofHours(1));
                    scene.world().sleep(Duration.ofSeconds(scene.chance(100)));
                    for (HoldfastReader reader : new HoldfastReader[] {follower, keeper}) {
                        long before = scene.world().nanoTime();
                        reader.shutdown(Mode.SMART, Duration.ofSeconds(5));
                        Duration took = Duration.ofNanos(scene.world().nanoTime() - before);
                        assertTrue(took.compareTo(Duration.ofSeconds(8)) < 0, "took " + took);
                    }
                });
    }
}
