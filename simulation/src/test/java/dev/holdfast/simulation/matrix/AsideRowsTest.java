package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The compactor of an open database, and one of a process of its own: it stands aside while the
/// other works, and takes the work back once nobody does it.
@Timeout(120)
class AsideRowsTest {
    private static final Settings COMPACTING =
            Scene.TINY.but().compaction(Scene.compacting(Style.TIERED)).build();

    @Test
    @Tag("CMP-02")
    void shouldStandAsideWhileAnotherCompactsAndTakeTheWorkBackOnceNobodyDoes() {
        Scene.tell(
                "aside",
                scene -> {
                    // given
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), COMPACTING);
                    writeTables(scene, db, model);
                    scene.world().sleep(Duration.ofMinutes(1));
                    assertEquals(1, epoch(scene));
                    // when: another comes, works, and works once more
                    long others = anotherWorks(scene, db, model);
                    assertStaysAside(scene, others, Duration.ofMinutes(7));
                    others = anotherWorks(scene, db, model);
                    writeTables(scene, db, model);
                    // then
                    assertStaysAside(scene, others, Duration.ofMinutes(6));
                    // and when it has written nothing down for long
                    scene.world().sleep(Duration.ofMinutes(6));
                    assertTrue(others < epoch(scene), "the work is left to nobody");
                    assertTrue(newest(scene).manifest().l0().size() < 4, "nothing is compacted");
                    assertEquals(model, Scene.contents(db));
                });
    }

    // Returns its epoch.
    private static long anotherWorks(Scene scene, HoldfastDb db, SortedMap<String, String> model)
            throws InterruptedException {
        long before = epoch(scene);
        for (int attempt = 0; epoch(scene) == before && attempt < 5; attempt++) {
            Scene.write(db, model, 1, Durability.REMOTE);
            db.flushMemtables();
            scene.compact(Style.EVERYTHING);
        }
        assertTrue(before < epoch(scene), "there was nothing to do for another");
        writeTables(scene, db, model); // so that there is something that it keeps its hands off
        return epoch(scene);
    }

    private static void assertStaysAside(Scene scene, long others, Duration time)
            throws InterruptedException {
        for (long minute = 0; minute < time.toMinutes(); minute++) {
            scene.world().sleep(Duration.ofMinutes(1));
            assertEquals(others, epoch(scene), "taken back after minutes " + minute);
        }
    }

    private static void writeTables(Scene scene, HoldfastDb db, SortedMap<String, String> model)
            throws InterruptedException {
        for (int table = 0; table < 4; table++) {
            Scene.write(db, model, 3, Durability.REMOTE);
            db.flushMemtables();
            scene.world().sleep(Duration.ofSeconds(1));
        }
    }

    private static ManifestVersion newest(Scene scene) {
        var found = new ManifestStore(scene.atRest(), Scene.PATH, scene.world()).latest();
        if (found == null) throw new AssertionError("no database");
        return found;
    }

    private static long epoch(Scene scene) {
        return newest(scene).manifest().compactorEpoch();
    }
}
