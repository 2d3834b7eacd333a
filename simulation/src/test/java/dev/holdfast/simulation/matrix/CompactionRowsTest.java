package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.simulation.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The rows of compaction: what readers see before and after, views and checkpoints, damaged
/// sources, no room, outputs that read back otherwise.
@Timeout(120)
class CompactionRowsTest {
    private static final Settings COMPACTING =
            Scene.TINY.but().compaction(Scene.compacting(Style.TIERED)).build();
    private static final Duration MIN_AGE = Duration.ofMinutes(5);
    private static final Duration DAMAGE_STAYS = Duration.ofMinutes(10);
    private static final Duration STOPPED = Duration.ofSeconds(2); // some requests
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    /// Some readers, and what each of them saw.
    private static final class Readers {
        private final List<Reads> readers = new ArrayList<>();
        private final List<SortedMap<String, String>> seen = new ArrayList<>();

        void add(Reads reader) {
            readers.add(reader);
            seen.add(Scene.contents(reader));
        }

        void assertUndisturbed(String where) {
            for (int i = 0; i < readers.size(); i++)
                assertEquals(seen.get(i), Scene.contents(readers.get(i)), where + ", reader " + i);
        }
    }

    // A few keys, so that there is always something to overwrite; some rows live for an instant.
    private static void writeAtRandom(Scene scene, HoldfastDb db, int commits) {
        for (int i = 0; i < commits; i++) {
            var batch = new WriteBatch();
            long now = scene.world().currentTimeMillis();
            for (int row = 0; row <= scene.chance(3); row++) {
                Bytes key = Bytes.utf8("key" + scene.chance(25));
                Bytes value = Bytes.utf8("value " + i + " of " + now);
                switch (scene.chance(6)) {
                    case 0, 1 -> batch.delete(key);
                    case 2 -> batch.put(key, value, now + 1 + scene.chance(200));
                    case 3 -> batch.put(key, value, now + Duration.ofDays(1).toMillis());
                    default -> batch.put(key, value);
                }
            }
            db.write(batch, Durability.MEMORY);
        }
    }

    private static DbReader reader(Scene scene) {
        Node machine = scene.machine();
        return Engine.builder(scene.link(machine), Scene.PATH).env(machine.env()).openReader();
    }

    @Test
    @Tag("CMP-03")
    void shouldShowEveryReaderTheSameBeforeAndAfterACompaction() {
        Style[] styles = {Style.EVERYTHING, Style.TIERED, Style.LEVELED};
        Scene.tell(
                "compacted",
                scene -> {
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    var readers = new Readers();
                    long compactions = 0;
                    for (int round = 0; round < 9; round++) {
                        writeAtRandom(scene, db, 40);
                        ReadView whileUnflushed = db.view();
                        db.flushMemtables();
                        scene.world().sleep(Duration.ofSeconds(1)); // what expires soon, has
                        readers.add(whileUnflushed);
                        readers.add(db.view());
                        readers.add(reader(scene));
                        SortedMap<String, String> before = Scene.contents(db);
                        // when
                        Style style = styles[scene.chance(styles.length)];
                        compactions += scene.compact(style);
                        // then
                        String where = "round " + round + ", " + style;
                        readers.assertUndisturbed(where);
                        assertEquals(before, Scene.contents(db), where);
                        assertEquals(before, Scene.contents(reader(scene)), where);
                    }
                    assertTrue(3 < compactions, "compactions: " + compactions);
                });
    }

    @Test
    @Tag("CMP-04")
    void shouldKeepWhatAViewAndACheckpointNeedThoughAllIsReplacedAndCollected() {
        Scene.tell(
                "checkpoint",
                scene -> {
                    // given
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    writeAtRandom(scene, db, 60);
                    db.flushMemtables();
                    scene.world().sleep(Duration.ofSeconds(1));
                    ManifestVersion kept = scene.checkpoint(Duration.ofHours(1));
                    var readers = new Readers();
                    readers.add(db.view());
                    readers.add(reader(scene));
                    // when: all of it is written anew, merged and collected
                    writeAtRandom(scene, db, 60);
                    db.flushMemtables();
                    scene.world().sleep(Duration.ofSeconds(1));
                    assertTrue(0 < scene.compact(Style.EVERYTHING));
                    scene.world().sleep(Duration.ofMinutes(14));
                    scene.collect(scene.machine(), MIN_AGE);
                    // then
                    readers.assertUndisturbed("within a quarter of an hour");
                    scene.world().sleep(Duration.ofMinutes(30));
                    scene.collect(scene.machine(), MIN_AGE);
                    scene.collect(scene.machine(), MIN_AGE);
                    assertTrue(scene.names("compacted").containsAll(tablesOf(kept)));
                    // and when it has ended, what it kept goes
                    scene.world().sleep(Duration.ofMinutes(30));
                    scene.collect(scene.machine(), MIN_AGE);
                    scene.collect(scene.machine(), MIN_AGE);
                    assertFalse(scene.names("compacted").containsAll(tablesOf(kept)));
                    FsckReport report = Engine.fsck(scene.atRest(), Scene.PATH);
                    assertTrue(report.isSound(), report::toString);
                });
    }

    private static List<String> tablesOf(ManifestVersion version) {
        Manifest manifest = version.manifest();
        return manifest.l0().stream()
                .map(view -> Scene.PATH + "/compacted/" + view.sst().id() + ".sst")
                .toList();
    }

    private static void writeTables(HoldfastDb db, SortedMap<String, String> model, int count) {
        for (int table = 0; table < count; table++) {
            Scene.write(db, model, 3, Durability.REMOTE);
            db.flushMemtables();
        }
    }

    // Long before a flush stops waiting for a compactor that is at work.
    private static void assertWritesAtOnce(
            Scene scene, HoldfastDb db, SortedMap<String, String> model) {
        for (int table = 0; table < 12; table++) {
            long before = scene.world().nanoTime();
            writeTables(db, model, 1);
            Duration took = Duration.ofNanos(scene.world().nanoTime() - before);
            assertTrue(took.compareTo(AT_ONCE) < 0, "a flush took " + took);
        }
    }

    @Test
    @Tag("CMP-05")
    void shouldDropNothingOfADamagedSourceNameItAndNotLoop() {
        Scene.tell(
                "damaged source",
                scene -> {
                    // given
                    var model = new TreeMap<String, String>();
                    HoldfastDb first = scene.open(scene.machine(), Scene.TINY);
                    writeTables(first, model, 4);
                    first.close();
                    String damaged = scene.names("compacted").getFirst();
                    Bytes right = scene.atRest().get(damaged);
                    assertTrue(right != null);
                    scene.atRest().put(damaged, List.of(flipped(right, scene.chance(40))));
                    // when
                    Node machine = scene.machine();
                    var store = new HookedStore(scene.link(machine));
                    HoldfastDb db = scene.open(store, machine, COMPACTING);
                    scene.world().sleep(Duration.ofMinutes(1));
                    // then
                    int gets = store.gets();
                    scene.world().sleep(DAMAGE_STAYS.minusMinutes(2));
                    int looks = store.gets() - gets;
                    assertTrue(looks < 20, "a hot loop: " + looks);
                    assertEquals(0, db.stats().sortedRuns());
                    assertThrows(CorruptData.class, () -> Scene.contents(db));
                    assertWritesAtOnce(scene, db, model);
                    var named = assertThrows(CorruptData.class, () -> scene.compact(Style.TIERED));
                    assertTrue(named.getMessage().contains(damaged), named.getMessage());
                    // and when it is whole again
                    scene.atRest().put(damaged, List.of(right));
                    scene.world().sleep(DAMAGE_STAYS);
                    writeTables(db, model, 1);
                    scene.world().sleep(DAMAGE_STAYS);
                    assertTrue(0 < db.stats().sortedRuns(), "it is left alone for ever");
                    assertEquals(model, Scene.contents(db));
                });
    }

    private static Bytes flipped(Bytes body, int at) {
        byte[] copy = Bytes.copyOf(body.array(), body.offset(), body.length()).array();
        copy[at] ^= 1;
        return Bytes.wrap(copy, 0, copy.length);
    }

    private static boolean isInCompaction() {
        return Thread.currentThread().getName().contains("compaction");
    }

    @Test
    @Tag("CMP-06")
    void shouldLetTheWriterLiveWhileTheStoreHasNoRoomForWhatIsCompacted() {
        Scene.tell(
                "no room",
                scene -> {
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    var store = new HookedStore(scene.link(machine));
                    var refused = new AtomicInteger();
                    store.replaceBodies(parts -> {
                        if (!isInCompaction()) return parts;
                        refused.incrementAndGet();
                        throw new ObjectStoreException.Refused("no room", null);
                    });
                    HoldfastDb db = scene.open(store, machine, COMPACTING);
                    assertWritesAtOnce(scene, db, model);
                    scene.world().sleep(Duration.ofMinutes(1));
                    assertWritesAtOnce(scene, db, model);
                    assertTrue(0 < refused.get(), "nothing was compacted");
                    assertEquals(0, db.stats().sortedRuns());
                    // when
                    store.replaceBodies(parts -> parts);
                    scene.world().sleep(Duration.ofMinutes(2));
                    // then
                    assertTrue(0 < db.stats().sortedRuns());
                    assertEquals(model, Scene.contents(db));
                });
    }

    @Test
    @Tag("CMP-06")
    void shouldLetTheWriterLiveWhileThereIsNoMemoryToCompactIn() {
        Scene.tell(
                "no memory",
                scene -> {
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    var memory = new EngineMemory(ByteSize.kibibytes(64));
                    var large = Scene.compacting(Style.TIERED).withTableSize(ByteSize.mebibytes(1));
                    HoldfastDb db =
                            Engine.builder(scene.link(machine), Scene.PATH)
                                    .settings(COMPACTING.but().compaction(large).build())
                                    .env(machine.env())
                                    .memory(memory)
                                    .open();
                    assertWritesAtOnce(scene, db, model);
                    scene.world().sleep(Duration.ofMinutes(1));
                    assertWritesAtOnce(scene, db, model);
                    assertEquals(0, db.stats().sortedRuns());
                    // when
                    memory.resize(ByteSize.mebibytes(64));
                    scene.world().sleep(Duration.ofMinutes(2));
                    // then
                    assertTrue(0 < db.stats().sortedRuns());
                    assertEquals(model, Scene.contents(db));
                });
    }

    // What befalls a thread of a compaction at its first table.
    private static void assertWriterLivesThrough(Runnable accident) {
        Scene.tell(
                "accident",
                scene -> {
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    var store = new HookedStore(scene.link(machine));
                    var accidents = new AtomicInteger();
                    store.replaceBodies(parts -> {
                        if (isInCompaction() && accidents.getAndIncrement() == 0) accident.run();
                        return parts;
                    });
                    HoldfastDb db = scene.open(store, machine, COMPACTING);
                    // when
                    assertWritesAtOnce(scene, db, model);
                    scene.world().sleep(Duration.ofMinutes(1));
                    assertTrue(0 < accidents.get(), "nothing was compacted");
                    // then
                    assertWritesAtOnce(scene, db, model);
                    scene.world().sleep(DAMAGE_STAYS.plusMinutes(2));
                    assertTrue(0 < db.stats().sortedRuns(), "it is never tried again");
                    assertEquals(model, Scene.contents(db));
                    db.close();
                    FsckReport report = Engine.fsck(scene.atRest(), Scene.PATH);
                    assertTrue(report.isSound(), report::toString);
                });
    }

    @Test
    @Tag("CMP-06")
    void shouldLetTheWriterLiveWhenACompactionIsInterrupted() {
        assertWriterLivesThrough(() -> Thread.currentThread().interrupt());
    }

    @Test
    @Tag("CMP-06")
    void shouldLetTheWriterLiveWhenACompactorRunsOutOfMemory() {
        Scene.tell(
                "out of memory",
                scene -> {
                    // given: a compactor on a machine of its own, at its first table
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    assertWritesAtOnce(scene, db, model);
                    Node machine = scene.machine();
                    var store = new HookedStore(scene.link(machine));
                    var struck = new AtomicInteger();
                    store.replaceBodies(_ -> {
                        struck.incrementAndGet();
                        throw new OutOfMemoryError("planted");
                    });
                    // when
                    var compactor =
                            Engine.builder(store, Scene.PATH)
                                    .env(machine.env())
                                    .settings(COMPACTING)
                                    .compactor();
                    compactor.start();
                    scene.world().sleep(Duration.ofMinutes(1));
                    machine.kill();
                    // then
                    assertTrue(0 < struck.get(), "nothing was compacted");
                    assertWritesAtOnce(scene, db, model);
                    assertTrue(0 < scene.compact(Style.TIERED), "the next one has nothing to do");
                    assertEquals(model, Scene.contents(db));
                });
    }

    @Test
    @Tag("CMP-07")
    void shouldPublishNothingThatReadsBackOtherwise() {
        Scene.tell(
                "other rows",
                scene -> {
                    // given: a write path that stores other rows than it was given
                    var model = new TreeMap<String, String>();
                    Node machine = scene.machine();
                    var store = new HookedStore(scene.link(machine));
                    var wrong = new AtomicInteger();
                    store.replaceBodies(parts -> {
                        if (!isInCompaction()) return parts;
                        wrong.incrementAndGet();
                        Bytes other = scene.atRest().get(scene.names("compacted").getFirst());
                        assertTrue(other != null);
                        return List.of(other);
                    });
                    HoldfastDb db = scene.open(store, machine, COMPACTING);
                    writeTables(db, model, 3);
                    scene.world().sleep(Duration.ofMinutes(1));
                    // then
                    assertTrue(0 < wrong.get(), "nothing was compacted");
                    assertEquals(0, db.stats().sortedRuns());
                    assertWritesAtOnce(scene, db, model);
                    assertEquals(model, Scene.contents(db));
                    // and when it stores what it is given
                    store.replaceBodies(parts -> parts);
                    scene.world().sleep(DAMAGE_STAYS.plusMinutes(2));
                    assertTrue(0 < db.stats().sortedRuns());
                    assertEquals(model, Scene.contents(db));
                });
    }

    @Test
    void shouldStopSoonHoweverManyTablesItIsToRead() {
        Scene.tell(
                "stopped compaction",
                scene -> {
                    // given: a run of a hundred tables, and some more in L0
                    var model = new TreeMap<String, String>();
                    HoldfastDb db = scene.open(scene.machine(), Scene.TINY);
                    for (int i = 0; i < 100; i++) {
                        db.write(Scene.row("row" + i, "value"), Durability.MEMORY);
                        model.put("row" + i, "value");
                    }
                    db.flushMemtables();
                    writeTables(db, model, 1);
                    var each = Scene.compacting(Style.EVERYTHING).withTableSize(ByteSize.bytes(1));
                    Settings tables = Scene.TINY.but().compaction(each).build();
                    Node machine = scene.machine();
                    try (StandaloneCompactor first = compactor(scene, machine, tables)) {
                        first.start();
                        first.awaitIdle(Duration.ofMinutes(5));
                    }
                    writeTables(db, model, 30);
                    // when
                    for (int life = 0; life < 12; life++) {
                        StandaloneCompactor doomed = compactor(scene, scene.machine(), tables);
                        doomed.start();
                        scene.world().sleep(Duration.ofMillis(1 + scene.chance(2_000)));
                        long before = scene.world().nanoTime();
                        doomed.stop(Mode.FAST, Duration.ofSeconds(10));
                        // then
                        Duration took = Duration.ofNanos(scene.world().nanoTime() - before);
                        assertTrue(took.compareTo(STOPPED) < 0, "the stop took " + took);
                    }
                    assertEquals(model, Scene.contents(db));
                });
    }

    private static StandaloneCompactor compactor(Scene scene, Node machine, Settings settings) {
        return Engine.builder(scene.link(machine), Scene.PATH)
                .settings(settings)
                .env(machine.env())
                .compactor();
    }
}
