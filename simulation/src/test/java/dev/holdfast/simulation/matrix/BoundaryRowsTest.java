package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A newer engine's collector that spares nothing for its age, but leaves marks: whoever stalls
/// between the choice of a number and its create is told that it lost, however short the stall.
@Timeout(120)
class BoundaryRowsTest {
    private static final Duration QUICK = Duration.ofSeconds(2);
    private static final Settings QUIET =
            Scene.TINY
                    .but()
                    .l0SstSize(ByteSize.kibibytes(1))
                    .manifestPollInterval(Duration.ofHours(1))
                    .flushInterval(Duration.ofHours(1))
                    .build();

    /// Moves the mark, then removes every manifest up to it.
    private static void collectAll(Scene scene) {
        ObjectStore store = scene.atRest();
        List<String> names = scene.names("manifest");
        int newest = Integer.parseInt(names.getLast().replaceAll("\\D", ""));
        String mark = Scene.PATH + "/gc/manifest.boundary";
        store.put(mark, List.of(Bytes.utf8("" + (newest - 1))));
        removeAll(scene);
    }

    private static void removeAll(Scene scene) {
        List<String> names = scene.names("manifest");
        ObjectStore store = scene.atRest();
        for (String name : names) if (!name.equals(names.getLast())) store.delete(name);
    }

    /// A store that stops its caller at the first create of a manifest once `isArmed`.
    private static HookedStore stalling(
            Scene scene, Node machine, boolean[] isArmed, AtomicReference<String> chosen) {
        return new HookedStore(
                scene.link(machine),
                (name, put) -> {
                    if (isArmed[0]
                            && name.contains("/manifest/")
                            && chosen.compareAndSet(null, name))
                        Scene.unchecked(() -> machine.env().sleep(Duration.ofMillis(1)));
                    return put.now();
                });
    }

    private static void awaitChosen(Scene scene, AtomicReference<String> chosen)
            throws InterruptedException {
        while (chosen.get() == null) scene.world().sleep(Duration.ofNanos(100_000));
    }

    @Test
    @Tag("MAN-03")
    void shouldNotTakeAFlushForMadeWhoseNumberWasCollectedMeanwhile() {
        Scene.tell(
                "mark and writer",
                scene -> {
                    // given: a writer that stalls before it creates a manifest
                    var model = new TreeMap<String, String>();
                    Node frozen = scene.machine();
                    var isArmed = new boolean[1];
                    var chosen = new AtomicReference<String>();
                    HoldfastDb old =
                            scene.open(stalling(scene, frozen, isArmed, chosen), frozen, QUIET);
                    Scene.write(old, model, 5, Durability.REMOTE);
                    isArmed[0] = true;
                    var failures = new ArrayList<StorageException>();
                    Thread flush =
                            frozen.env()
                                    .start(
                                            "flush",
                                            () -> {
                                                try {
                                                    old.flushMemtables();
                                                } catch (StorageException failed) {
                                                    failures.add(failed);
                                                }
                                            });
                    awaitChosen(scene, chosen);
                    frozen.pause();
                    long start = scene.world().nanoTime();
                    // when: another goes on, and its number is collected at once
                    HoldfastDb next = scene.open(scene.machine(), QUIET);
                    Scene.write(next, model, 1, Durability.REMOTE);
                    next.flushMemtables();
                    collectAll(scene);
                    assertFalse(scene.names("manifest").contains(chosen.get()), "not collected");
                    Duration took = Duration.ofNanos(scene.world().nanoTime() - start);
                    assertTrue(took.compareTo(QUICK) < 0, "too slow to prove anything: " + took);
                    frozen.resume();
                    flush.join();
                    // then: it comes through, and is not believed
                    assertTrue(scene.names("manifest").contains(chosen.get()), "it never came");
                    assertEquals(1, failures.size());
                    assertInstanceOf(Closed.class, failures.getFirst());
                    Scene.write(next, model, 5, Durability.REMOTE);
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), QUIET)));
                });
    }

    @Test
    @Tag("MAN-03")
    void shouldNotTakeACheckpointForMadeWhoseNumberWasCollectedMeanwhile() {
        assertCheckpointIsMade("mark and reader", BoundaryRowsTest::collectAll);
    }

    @Test
    @Tag("MAN-03")
    void shouldLookAgainWhereNoMarkIsLeftAndTheEditTookLong() {
        assertCheckpointIsMade(
                "no mark and reader",
                scene -> {
                    scene.world().sleep(QUICK.plusSeconds(1));
                    removeAll(scene);
                });
    }

    private static void assertCheckpointIsMade(String name, Scene.Story collection) {
        Scene.tell(
                name,
                scene -> {
                    // given: a reader that stalls before it makes its checkpoint
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), QUIET);
                    Scene.write(db, model, 5, Durability.REMOTE);
                    Node frozen = scene.machine();
                    var chosen = new AtomicReference<String>();
                    var store = stalling(scene, frozen, new boolean[] {true}, chosen);
                    var wrongs = new ArrayList<String>();
                    Thread reading =
                            frozen.env()
                                    .start(
                                            "reader",
                                            () -> readHeld(scene, store, frozen, model, wrongs));
                    awaitChosen(scene, chosen);
                    frozen.pause();
                    // when
                    for (int i = 0; i < 2; i++) {
                        Scene.write(db, model, 3, Durability.REMOTE);
                        db.flushMemtables();
                    }
                    collection.tell(scene);
                    frozen.resume();
                    reading.join();
                    // then
                    assertEquals(List.of(), wrongs);
                });
    }

    private static void readHeld(
            Scene scene,
            ObjectStore store,
            Node node,
            TreeMap<String, String> model,
            List<String> wrongs) {
        var held = ReaderSettings.heldCheckpoint(Duration.ofMinutes(5));
        try (var reader =
                Engine.builder(store, Scene.PATH)
                        .settings(QUIET)
                        .env(node.env())
                        .openReader(held)) {
            var id = reader.status().checkpoint();
            try (var there =
                    Engine.builder(scene.link(node), Scene.PATH)
                            .env(node.env())
                            .openReader(ReaderSettings.atCheckpoint(id))) {
                if (there.status().manifestId() != reader.status().manifestId())
                    wrongs.add("another moment");
            }
            if (!model.equals(Scene.contents(reader))) wrongs.add("not the newest");
        } catch (StorageException failed) {
            wrongs.add(failed.toString());
        }
    }
}
