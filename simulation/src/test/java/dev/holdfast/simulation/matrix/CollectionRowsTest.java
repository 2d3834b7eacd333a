package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.simulation.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The rows of collection: tables that nobody names yet, and clocks that are wrong.
@Timeout(120)
class CollectionRowsTest {
    private static final Duration MIN_AGE = Duration.ofMinutes(5);
    private static final Duration LONG = MIN_AGE.multipliedBy(3);
    private static final Settings PATIENT =
            Scene.TINY.but().writeTimeout(Duration.ofHours(1)).build();

    /// Keeps every manifest back for a while once it is told to, after all else is stored.
    private static final class SlowManifests implements HookedStore.Hook {
        private final Scene scene;
        private boolean isSlow;

        SlowManifests(Scene scene) {
            this.scene = scene;
        }

        @Override
        public PutResult put(String name, HookedStore.Put put) {
            if (isSlow && name.contains("/manifest/")) {
                isSlow = false;
                Scene.unchecked(() -> scene.world().sleep(LONG));
            }
            return put.now();
        }
    }

    private static void assertIntact(Scene scene, SortedMap<String, String> model) {
        FsckReport report = Engine.fsck(scene.atRest(), Scene.PATH);
        assertTrue(report.isSound(), report::toString);
        assertEquals(model, Scene.contents(scene.open(scene.machine(), Scene.TINY)));
    }

    private static void collectFor(Scene scene, Duration time) throws InterruptedException {
        Node machine = scene.machine();
        for (long i = 0; i < time.toMinutes(); i++) {
            scene.collect(machine, MIN_AGE);
            scene.world().sleep(Duration.ofMinutes(1));
        }
    }

    @Test
    @Tag("GC-01")
    void shouldSpareATableThatItsWriterIsLongInNaming() {
        Scene.tell(
                "unpublished table",
                scene -> {
                    // given
                    var model = new TreeMap<String, String>();
                    var slow = new SlowManifests(scene);
                    Node machine = scene.machine();
                    var store = new HookedStore(scene.link(machine), slow);
                    HoldfastDb db = scene.open(store, machine, PATIENT);
                    Scene.write(db, model, 3, Durability.REMOTE);
                    db.flushMemtables();
                    Scene.write(db, model, 3, Durability.REMOTE);
                    List<String> before = scene.names("compacted");
                    // when
                    slow.isSlow = true;
                    Thread flush = machine.env().start("flush", db::flushMemtables);
                    scene.world().sleep(Duration.ofMinutes(1));
                    assertTrue(before.size() < scene.names("compacted").size(), "none is stored");
                    collectFor(scene, LONG);
                    flush.join();
                    // then
                    assertEquals(model, Scene.contents(db));
                    assertIntact(scene, model);
                });
    }

    @Test
    @Tag("GC-01")
    void shouldSpareTablesThatACompactorIsLongInNaming() {
        Scene.tell(
                "unpublished run",
                scene -> {
                    // given
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), PATIENT);
                    for (int table = 0; table < 4; table++) {
                        Scene.write(db, model, 5, Durability.REMOTE);
                        db.flushMemtables();
                        scene.world().sleep(Duration.ofMinutes(2));
                    }
                    var before = new ArrayList<>(scene.names("compacted"));
                    var slow = new SlowManifests(scene);
                    Node machine = scene.machine();
                    var store = new HookedStore(scene.link(machine), slow);
                    Settings all =
                            PATIENT.but().compaction(Scene.compacting(Style.EVERYTHING)).build();
                    StandaloneCompactor compactor =
                            Engine.builder(store, Scene.PATH)
                                    .settings(all)
                                    .env(machine.env())
                                    .compactor();
                    // when: it has become the compactor, and its commit is on its way
                    compactor.start();
                    while (scene.names("compacted").size() == before.size())
                        scene.world().sleep(Duration.ofMillis(1));
                    slow.isSlow = true;
                    collectFor(scene, LONG);
                    compactor.awaitIdle(Duration.ofMinutes(5));
                    compactor.close();
                    // then
                    assertEquals(1, compactor.progress().compactions());
                    assertIntact(scene, model);
                    collectFor(scene, LONG.plusMinutes(5));
                    assertIntact(scene, model);
                    // the last that was compacted marks what may be about to be named
                    before.retainAll(scene.names("compacted"));
                    assertTrue(before.size() <= 1, "left: " + before);
                });
    }

    @Test
    @Tag("GC-03")
    void shouldRemoveNothingThatIsNeededHoweverWrongTheClocksAre() {
        Scene.tell(
                "skewed clocks",
                scene -> {
                    // given: a writer, compactors and collectors, each by a clock of its own
                    var model = new TreeMap<String, String>();
                    Node writer = scene.machine();
                    writer.skewClock(skewOf(scene));
                    HoldfastDb db = scene.open(writer, Scene.TINY);
                    long removed = 0;
                    for (int round = 0; round < 30; round++) {
                        // when
                        Scene.write(db, model, 5, Durability.REMOTE);
                        db.flushMemtables();
                        if (scene.chance(3) == 0) scene.compact(Style.TIERED, skewOf(scene));
                        Node collector = scene.machine();
                        collector.skewClock(skewOf(scene));
                        removed += scene.collect(collector, MIN_AGE).objects();
                        // then
                        FsckReport report = Engine.fsck(scene.atRest(), Scene.PATH);
                        assertTrue(report.isSound(), report::toString);
                        assertEquals(model, Scene.contents(db), "round " + round);
                        scene.world().sleep(Duration.ofMinutes(1 + scene.chance(4)));
                        if (scene.chance(5) == 0) writer.skewClock(skewOf(scene));
                    }
                    assertTrue(0 < removed, "nothing was removed");
                    assertIntact(scene, model);
                });
    }

    @Test
    @Tag("GC-03")
    void shouldKeepWhatACheckpointNamesThoughTheCompactorsClockIsADayAhead() {
        assertCheckpointStays(Duration.ofDays(1));
    }

    @Test
    @Tag("GC-03")
    void shouldKeepWhatACompactionReplacedThoughTheCompactorsClockIsADayBehind() {
        Scene.tell(
                "compactor behind",
                scene -> {
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    writeTables(scene, db, model);
                    scene.world().sleep(MIN_AGE.plusMinutes(1));
                    try (ReadView view = db.view()) {
                        var seen = new TreeMap<>(model);
                        writeTables(scene, db, model);
                        assertTrue(0 < scene.compact(Style.EVERYTHING, Duration.ofDays(-1)));
                        collectFor(scene, Duration.ofMinutes(12));
                        assertEquals(seen, Scene.contents(view));
                    }
                });
    }

    private static void writeTables(Scene scene, HoldfastDb db, SortedMap<String, String> model)
            throws InterruptedException {
        for (int table = 0; table < 3; table++) {
            Scene.write(db, model, 5, Durability.REMOTE);
            db.flushMemtables();
            scene.world().sleep(Duration.ofSeconds(1));
        }
    }

    private static void assertCheckpointStays(Duration skew) {
        Scene.tell(
                "compactor ahead",
                scene -> {
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    writeTables(scene, db, model);
                    List<String> named = scene.names("compacted");
                    scene.checkpoint(Duration.ofHours(5));
                    for (int round = 0; round < 3; round++) {
                        writeTables(scene, db, model);
                        assertTrue(0 < scene.compact(Style.EVERYTHING, skew));
                        collectFor(scene, Duration.ofMinutes(30));
                        assertTrue(scene.names("compacted").containsAll(named), "round " + round);
                    }
                });
    }

    private static Duration skewOf(Scene scene) {
        return MIN_AGE.multipliedBy(2L * (scene.chance(3) - 1));
    }
}
