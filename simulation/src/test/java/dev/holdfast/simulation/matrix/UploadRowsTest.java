package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.simulation.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tables that go up in parts, as into a bucket: a part fails, nobody knows whether the whole was
/// completed, and what was begun cannot be aborted.
@Timeout(120)
class UploadRowsTest {
    private static final Duration MIN_AGE = Duration.ofMinutes(5);
    private static final Settings COMPACTING =
            Scene.TINY.but().compaction(Scene.compacting(Style.TIERED)).build();

    /// The uploads of a bucket that were begun and neither completed nor aborted, and how they
    /// ended that were.
    private static final class Uploads {
        private final Scene scene;
        private final List<Long> begun = new ArrayList<>();
        private boolean isSound;
        private int failed;
        private int ambiguous;

        Uploads(Scene scene) {
            this.scene = scene;
        }

        // How it ends; an object is there once it is completed, and not before.
        PutResult put(HookedStore.Put whole) {
            long now = scene.world().currentTimeMillis();
            switch (isSound ? 0 : scene.chance(8)) {
                case 1, 2 -> {
                    failed++;
                    if (scene.chance(2) == 0) begun.add(now); // nor was it aborted
                    throw new Unavailable("a part was not taken", null);
                }
                case 3 -> {
                    ambiguous++;
                    whole.now();
                    return new PutResult.Unknown(new Unavailable("completed, or not", null));
                }
                case 4 -> {
                    ambiguous++;
                    begun.add(now);
                    return new PutResult.Unknown(new Unavailable("completed, or not", null));
                }
                default -> {
                    return whole.now();
                }
            }
        }

        int removeBefore(long millis) {
            int before = begun.size();
            begun.removeIf(each -> each < millis);
            return before - begun.size();
        }
    }

    @Test
    @Tag("OBJ-16")
    void shouldHaveEachTableWholeOrNotAtAllAndRemoveWhatWasNeverCompleted() {
        Scene.tell(
                "uploads",
                scene -> {
                    // given
                    var uploads = new Uploads(scene);
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    var bucket = new HookedStore(scene.store().connect(machine));
                    bucket.replacePuts(uploads::put, uploads::removeBefore);
                    var link = ObjectStores.patient(bucket, machine.env());
                    HoldfastDb db = scene.open(link, machine, COMPACTING);
                    // when
                    for (int table = 0; table < 30; table++) {
                        Scene.write(db, model, 4, Durability.REMOTE);
                        db.flushMemtables();
                        scene.world().sleep(Duration.ofSeconds(scene.chance(20)));
                    }
                    scene.world().sleep(Duration.ofMinutes(1));
                    assertTrue(0 < db.stats().sortedRuns(), "nothing was compacted");
                    // then
                    assertTrue(3 < uploads.failed && 3 < uploads.ambiguous, "too few failed");
                    assertEquals(model, Scene.contents(db));
                    machine.kill();
                    assertEquals(model, Scene.contents(scene.open(scene.machine(), Scene.TINY)));
                    FsckReport report = Engine.fsck(scene.atRest(), Scene.PATH);
                    assertTrue(report.isSound(), report::toString);
                    assertTrue(0 < uploads.begun.size(), "every upload was completed or aborted");
                    // and what was never completed goes, once it is old
                    collect(scene, bucket);
                    assertTrue(0 < uploads.begun.size(), "an upload that may go on is gone");
                    uploads.isSound = true;
                    scene.world().sleep(MIN_AGE.plusMinutes(1));
                    collect(scene, bucket);
                    assertEquals(List.of(), uploads.begun);
                });
    }

    private static void collect(Scene scene, HookedStore bucket) throws InterruptedException {
        Node machine = scene.machine();
        scene.collect(ObjectStores.patient(bucket, machine.env()), machine, MIN_AGE);
    }
}
