package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.simulation.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The rows of the manifest: late creates, lost replies with a competitor, slow openers, what was
/// restored from yesterday.
@Timeout(120)
class ManifestRowsTest {
    private static final Duration MIN_AGE = Duration.ofMinutes(5);
    private static final Settings QUIET =
            Scene.TINY.but().manifestPollInterval(Duration.ofHours(2)).build();

    private static boolean isManifest(String name) {
        return name.contains("/manifest/");
    }

    private static Editor guest() {
        return new Editor.Guest();
    }

    /// Another's edit, straight into the store.
    private static ManifestVersion edit(Scene scene, ManifestEdit edit) {
        var manifests = new ManifestStore(scene.atRest(), Scene.PATH, scene.world());
        var deadline = Deadline.after(scene.world(), Duration.ofMinutes(1));
        var patience = new ManifestStore.Patience(deadline, Token.standalone(scene.world()));
        var edited = new AtomicReference<ManifestVersion>();
        Scene.unchecked(() -> {
            ManifestVersion latest = manifests.latest();
            assertNotNull(latest);
            edited.set(manifests.publish(latest, edit, guest(), patience));
        });
        return edited.get();
    }

    private static Thread flushing(HoldfastDb db, Node on, List<StorageException> failures) {
        Runnable flush =
                () -> {
                    try {
                        db.flushMemtables();
                    } catch (StorageException failure) {
                        failures.add(failure);
                    }
                };
        return on.env().start("flush", flush);
    }

    @Test
    @Tag("MAN-03")
    void shouldNotBelieveACreateThatComesAfterItsIdWasTakenAndCollected() {
        Scene.tell(
                "late create",
                scene -> {
                    // given: a writer that freezes between the choice of an id and its create
                    var model = new TreeMap<String, String>();
                    Node frozen = scene.machine();
                    var chosen = new AtomicReference<String>();
                    var store =
                            new HookedStore(
                                    scene.link(frozen),
                                    (name, put) -> {
                                        boolean isToFreeze = model.size() == 6 && isManifest(name);
                                        if (isToFreeze && chosen.compareAndSet(null, name))
                                            Scene.unchecked(
                                                    () -> frozen.env().sleep(Duration.ofMillis(1)));
                                        return put.now();
                                    });
                    var failures = new ArrayList<StorageException>();
                    HoldfastDb old = scene.open(store, frozen, QUIET);
                    Scene.write(old, model, 6, Durability.REMOTE);
                    Thread flush = flushing(old, frozen, failures);
                    while (chosen.get() == null) scene.world().sleep(Duration.ofNanos(100_000));
                    frozen.pause();
                    // when: another takes over, and what is old is collected
                    Node next = scene.machine();
                    HoldfastDb db = scene.open(next, Scene.TINY);
                    for (int i = 0; i < 5; i++) {
                        Scene.write(db, model, 5, Durability.REMOTE);
                        db.flushMemtables();
                        scene.world().sleep(Duration.ofMinutes(10));
                        scene.collect(next, MIN_AGE);
                    }
                    assertFalse(scene.names("manifest").contains(chosen.get()), "not collected");
                    frozen.resume();
                    flush.join();
                    scene.world().sleep(Duration.ofMinutes(1));
                    // then: it comes through, and is not believed
                    assertTrue(scene.names("manifest").contains(chosen.get()), "it never came");
                    assertEquals(1, failures.size());
                    var met =
                            assertThrows(
                                    Closed.class,
                                    () -> old.write(Scene.row("zombie", "1"), Durability.REMOTE));
                    assertEquals(Closed.Reason.FENCED, met.reason());
                    Scene.write(db, model, 5, Durability.REMOTE);
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), Scene.TINY)));
                });
    }

    /// A writer whose next manifest is stored, and whose reply is lost, while `rival` acts.
    private static HoldfastDb losingAReply(
            Scene scene, TreeMap<String, String> model, Rival rival) {
        Node machine = scene.machine();
        var isLost = new boolean[1];
        var store =
                new HookedStore(
                        scene.link(machine),
                        (name, put) -> {
                            if (isLost[0] || model.isEmpty() || !isManifest(name)) return put.now();
                            isLost[0] = true;
                            return rival.act(put);
                        });
        HoldfastDb db = scene.open(store, machine, QUIET);
        for (int i = 0; i < 3; i++) {
            db.write(Scene.row("k" + i, "v"), Durability.REMOTE);
            model.put("k" + i, "v");
        }
        return db;
    }

    private interface Rival {
        PutResult act(HookedStore.Put put);
    }

    private static PutResult unknown() {
        return new PutResult.Unknown(new ObjectStoreException.Unavailable("reply lost", null));
    }

    @Test
    @Tag("OBJ-05")
    void shouldFindItsOwnEditInWhatACompetitorBuiltOnIt() {
        Scene.tell(
                "own id in history",
                scene -> {
                    var model = new TreeMap<String, String>();
                    HoldfastDb db =
                            losingAReply(
                                    scene,
                                    model,
                                    put -> {
                                        put.now();
                                        edit(scene, new ManifestEdit.TakeOverCompaction());
                                        return unknown();
                                    });

                    db.flushMemtables();

                    assertEquals(1, db.stats().l0Ssts());
                    db.write(Scene.row("k9", "v"), Durability.REMOTE);
                    model.put("k9", "v");
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), Scene.TINY)));
                });
    }

    @Test
    @Tag("OBJ-05")
    void shouldBeFencedWhenTheRequestWasLostAndACompetitorTookTheId() {
        Scene.tell(
                "id taken by a rival",
                scene -> {
                    var model = new TreeMap<String, String>();
                    HoldfastDb db =
                            losingAReply(
                                    scene,
                                    model,
                                    _ -> {
                                        edit(scene, new ManifestEdit.TakeOver());
                                        return unknown();
                                    });

                    var met = assertThrows(Closed.class, db::flushMemtables);

                    assertEquals(Closed.Reason.FENCED, met.reason());
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), Scene.TINY)));
                });
    }

    @Test
    @Tag("MAN-07")
    void shouldGiveUpTypedWhenTheManifestMovesFasterThanItOpens() {
        Scene.tellOnce(scene -> {
            // given: an incumbent that publishes all the time
            Node incumbent = scene.machine();
            HoldfastDb db = scene.open(incumbent, Scene.TINY);
            var isOver = new boolean[1];
            Thread writer =
                    incumbent
                            .env()
                            .start(
                                    "writer",
                                    () -> {
                                        for (int i = 0; !isOver[0]; i++) {
                                            db.write(
                                                    Scene.row("key" + i % 20, "v" + i),
                                                    Durability.REMOTE);
                                            db.flushMemtables();
                                            Scene.unchecked(() ->
                                                    incumbent.env().sleep(Duration.ofSeconds(1)));
                                        }
                                    });
            // when: an opener takes seconds between the choice of an id and its create
            Node slow = scene.machine();
            var store =
                    new HookedStore(
                            scene.link(slow),
                            (name, put) -> {
                                Scene.unchecked(() -> slow.env().sleep(Duration.ofSeconds(2)));
                                return put.now();
                            });
            long start = scene.world().nanoTime();
            assertThrows(Unavailable.class, () -> scene.open(store, slow, Scene.TINY));
            Duration took = Duration.ofNanos(scene.world().nanoTime() - start);
            // then: in bounded time, and the incumbent does not notice
            assertTrue(took.compareTo(Duration.ofMinutes(10)) < 0, "took " + took);
            isOver[0] = true;
            writer.join();
            db.write(Scene.row("last", "v"), Durability.REMOTE);
            assertEquals(1, db.stats().writerEpoch());
        });
    }

    @Test
    @Tag("MAN-08")
    void shouldNoticeAnOldManifestByTheLogThatIsGoneBeyondIt() {
        Scene.tell(
                "old manifest",
                scene -> {
                    // given: a copy of the manifests, and a database that went on
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    HoldfastDb db = scene.open(machine, Scene.TINY);
                    Scene.write(db, model, 5, Durability.REMOTE);
                    db.flushMemtables();
                    var copy = new TreeMap<String, Bytes>();
                    for (String name : scene.names("manifest"))
                        copy.put(name, read(scene.atRest(), name));
                    for (int i = 0; i < 3; i++) {
                        Scene.write(db, model, 5, Durability.REMOTE);
                        db.flushMemtables();
                        scene.world().sleep(Duration.ofMinutes(10));
                        scene.collect(machine, MIN_AGE);
                    }
                    Scene.write(db, model, 2, Durability.REMOTE);
                    machine.kill();
                    // when
                    for (String name : scene.names("manifest")) scene.atRest().delete(name);
                    copy.forEach((name, bytes) -> scene.atRest().put(name, List.of(bytes)));
                    // then
                    var met =
                            assertThrows(
                                    CorruptData.class,
                                    () -> scene.open(scene.machine(), Scene.TINY));
                    assertTrue(met.getMessage().contains("object="), met.getMessage());
                });
    }

    @Test
    @Tag("MAN-08")
    void shouldLoseNothingByAnOldManifestWhenTheLogBeyondItIsThere() {
        Scene.tell(
                "old manifest, whole log",
                scene -> {
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    HoldfastDb db = scene.open(machine, Scene.TINY);
                    for (int i = 0; i < 4; i++) {
                        Scene.write(db, model, 5, Durability.REMOTE);
                        db.flushMemtables();
                    }
                    machine.kill();
                    List<String> manifests = scene.names("manifest");
                    int kept = 2 + scene.chance(manifests.size() - 3);
                    for (String name : manifests.subList(kept, manifests.size()))
                        scene.atRest().delete(name);

                    assertEquals(model, Scene.contents(scene.open(scene.machine(), Scene.TINY)));
                });
    }

    private static Bytes read(ObjectStore store, String name) {
        Bytes bytes = store.get(name);
        if (bytes == null) throw new AssertionError("not there: " + name);
        return bytes;
    }
}
