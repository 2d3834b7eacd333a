package dev.holdfast.engine.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.HoldfastReader;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CloneReport;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.Clones;
import dev.holdfast.engine.api.upkeep.DetachReport;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clones, unions, clones that stand on their own, and databases that go.
@Timeout(120)
class CloneTest {
    private final CopyWorld world = new CopyWorld();

    private CloneReport clone(String path, CloneSource... sources) {
        return world.clones().create(path, List.of(sources));
    }

    private static CloneSource keys(String path, int from, int to) {
        return CloneSource.of(path)
                .keys(Bytes.utf8(CopyWorld.key(from)), Bytes.utf8(CopyWorld.key(to)));
    }

    private static SortedMap<String, String> part(
            SortedMap<String, String> model, int from, int to) {
        return new TreeMap<>(model.subMap(CopyWorld.key(from), CopyWorld.key(to)));
    }

    private void assertSound(String path) {
        var report = Engine.fsck(world.store, path);
        assertTrue(report.isSound(), () -> path + ": " + report.problems());
    }

    // A database as a crash leaves it: tables, and a log behind them.
    private SortedMap<String, String> crashed(String path) {
        var model = new TreeMap<String, String>();
        var before = new CopyWorld();
        try (HoldfastDb db = before.open(path)) {
            CopyWorld.put(db, model, 0, 60, "table ");
            db.flushMemtables();
            CopyWorld.put(db, model, 50, 90, "log ");
            db.flush();
            for (String name : before.names(path)) {
                Bytes body = before.store.get(name);
                if (body != null) world.store.put(name, List.of(body));
            }
        }
        return model;
    }

    @Test
    void shouldLiveApartFromWhatItWasClonedFrom() throws InterruptedException {
        var model = crashed("parent");
        CloneReport report = clone("child", CloneSource.of("parent"));
        assertTrue(0 < report.tablesShared() && 0 < report.logObjects(), report.toString());
        var parents = new TreeMap<>(model);
        try (HoldfastDb db = world.open("parent")) {
            CopyWorld.put(db, parents, 0, 90, "parent's ");
            db.flushMemtables();
        }
        world.compact("parent");
        world.collect("parent");
        assertEquals(model, world.contents("child"));
        var childs = new TreeMap<>(model);
        try (HoldfastDb db = world.open("child")) {
            assertEquals(model, CopyWorld.contents(db));
            CopyWorld.put(db, childs, 80, 120, "child's ");
            db.flushMemtables();
        }
        world.compact("child");
        world.collect("child");
        world.collect("parent");
        assertEquals(childs, world.contents("child"));
        assertEquals(parents, world.contents("parent"));
        assertSound("child");
        assertSound("parent");
    }

    @Test
    void shouldTakeTheMomentOfACheckpoint() {
        var model = world.write("parent", 0, 50, "then ");
        StoredCheckpoint then = world.checkpoints("parent").create(CheckpointOptions.lasting());
        world.write("parent", 0, 80, "now ");
        clone("child", CloneSource.of("parent").at(then.id()));
        assertTrue(world.checkpoints("parent").delete(then.id()));
        world.collect("parent");
        assertEquals(model, world.contents("child"));
    }

    @Test
    void shouldTakeTheKeysOfARangeFromTablesAndLog() throws InterruptedException {
        var model = crashed("parent");
        CloneReport report = clone("child", keys("parent", 20, 95));
        assertTrue(0 < report.tablesShared() && 0 < report.tablesMade(), report.toString());
        assertEquals(0, report.logObjects());
        assertEquals(part(model, 20, 95), world.contents("child"));
        var childs = part(model, 20, 95);
        try (HoldfastDb db = world.open("child")) {
            CopyWorld.put(db, childs, 0, 30, "child's ");
            db.flushMemtables();
        }
        assertEquals(childs, world.contents("child"));
        world.compact("child");
        world.collect("child");
        assertEquals(childs, world.contents("child"));
        assertSound("child");
    }

    @Test
    void shouldBeTheUnionOfDatabasesThatShareNoKey() throws InterruptedException {
        var model = world.write("low", 0, 40, "low ");
        model.putAll(world.write("high", 40, 80, "high "));
        world.compact("low");
        model.putAll(world.write("low", 0, 20, "low again "));
        CloneReport report = clone("all", CloneSource.of("low"), CloneSource.of("high"));
        assertEquals(0, report.tablesMade());
        assertEquals(model, world.contents("all"));
        try (HoldfastDb db = world.open("all")) {
            CopyWorld.put(db, model, 10, 60, "newer ");
            db.flushMemtables();
        }
        world.compact("all");
        world.collect("all");
        world.collect("low");
        world.collect("high");
        assertEquals(model, world.contents("all"));
        assertSound("all");
    }

    @Test
    void shouldBeTheUnionOfPartsOfOneDatabaseAndOfSiblings() throws InterruptedException {
        var model = crashed("parent");
        clone("left", keys("parent", 0, 45));
        clone("right", keys("parent", 45, 100));
        try (HoldfastDb db = world.open("left")) {
            CopyWorld.put(db, model, 5, 15, "left's ");
            db.flushMemtables();
        }
        world.compact("right");
        clone("again", CloneSource.of("left"), CloneSource.of("right"));
        assertEquals(model, world.contents("again"));
        var parts = clone("parts", keys("parent", 0, 33), keys("parent", 33, 77));
        assertTrue(0 < parts.tablesMade(), "no table lies across the bound: " + parts);
        assertSound("again");
        assertSound("parts");
        world.compact("again");
        world.compact("parts");
        assertEquals(model, world.contents("again"));
        assertEquals(77, world.contents("parts").size());
    }

    @Test
    void shouldRefuseSourcesThatMayShareKeysAndLeaveNothingBehind() {
        world.write("one", 0, 40, "one ");
        world.write("other", 30, 80, "other ");
        assertThrows(
                Invalid.class, () -> clone("all", CloneSource.of("one"), CloneSource.of("other")));
        assertEquals(List.of(), world.names("all"));
        assertEquals(List.of(), world.checkpoints("one").list());
        clone("all", keys("one", 0, 35), keys("other", 35, 90));
        assertEquals(80, world.contents("all").size());
    }

    @Test
    void shouldRefuseWhatCannotBeCloned() {
        world.write("parent", 0, 10, "value ");
        assertThrows(Invalid.class, () -> clone("parent", CloneSource.of("parent")));
        assertThrows(Invalid.class, () -> clone("child", CloneSource.of("nobody")));
        assertThrows(Invalid.class, () -> clone("child"));
        assertThrows(Invalid.class, () -> clone("../child", CloneSource.of("parent")));
        var unknown = CloneSource.of("parent").at(new UUID(0x4000, 1L << 63));
        assertThrows(Invalid.class, () -> clone("child", unknown));
        world.write("there", 0, 10, "value ");
        assertThrows(Conflict.class, () -> clone("there", CloneSource.of("parent")));
        clone("child", CloneSource.of("parent"));
        assertThrows(Conflict.class, () -> clone("child", CloneSource.of("there")));
        clone("child", CloneSource.of("parent")); // is there already
    }

    @Test
    void shouldStandOnItsOwnOnceItIsDetached() {
        var model = crashed("parent");
        clone("child", CloneSource.of("parent"));
        DetachReport report;
        try (HoldfastDb db = world.open("child");
                HoldfastReader following =
                        Engine.builder(world.store, "child")
                                .env(world.env)
                                .openReader(ReaderSettings.latest())) {
            report = world.clones().detach("child", Clones.GRACE);
            assertTrue(report.isDetached() && 0 < report.tablesCopied(), report.toString());
            assertEquals(List.of("parent"), report.released());
            assertEquals(model, CopyWorld.contents(db));
            CopyWorld.put(db, model, 85, 95, "child's ");
            db.flushMemtables(); // so that it learns where its tables lie now
            awaitShown(following, model.size());
            world.collect("parent");
            assertEquals(List.of(), world.checkpoints("parent").list());
            world.clones().drop("parent", DropRules.defaults());
            assertEquals(List.of(), world.names("parent"));
            assertEquals(model, CopyWorld.contents(db));
            assertEquals(model, CopyWorld.contents(following));
        }
        assertEquals(model, world.contents("child"));
        assertSound("child");
        assertEquals(0, world.clones().detach("child", Clones.GRACE).tablesCopied());
    }

    private static void awaitShown(DbReader reader, int rows) {
        while (CopyWorld.contents(reader).size() < rows) Thread.onSpinWait();
    }

    @Test
    void shouldHoldOnToWhatItsOwnCheckpointsNeed() {
        var model = world.write("parent", 0, 50, "value ");
        clone("child", CloneSource.of("parent"));
        StoredCheckpoint kept = world.checkpoints("child").create(CheckpointOptions.lasting());
        DetachReport held = world.clones().detach("child", Duration.ZERO);
        assertFalse(held.isDetached());
        assertEquals(List.of(kept.id()), held.heldBy());
        world.write("parent", 0, 50, "newer ");
        world.collect("parent");
        try (DbReader reader = world.readerAt("child", kept.id())) {
            assertEquals(model, CopyWorld.contents(reader));
        }
        assertTrue(world.checkpoints("child").delete(kept.id()));
        DetachReport free = world.clones().detach("child", Duration.ZERO);
        assertTrue(free.isDetached() && free.tablesCopied() == 0, free.toString());
        assertEquals(List.of(), world.checkpoints("parent").list());
        assertEquals(model, world.contents("child"));
    }

    @Test
    void shouldNeedNobodyButThoseWhoseTablesItHas() throws InterruptedException {
        var model = crashed("root");
        clone("middle", CloneSource.of("root"));
        var middles = new TreeMap<>(model);
        try (HoldfastDb db = world.open("middle")) {
            CopyWorld.put(db, middles, 40, 110, "middle's ");
            db.flushMemtables();
        }
        clone("leaf", CloneSource.of("middle"));
        assertThrows(Conflict.class, () -> world.clones().drop("middle", DropRules.defaults()));
        assertThrows(Conflict.class, () -> world.clones().drop("root", DropRules.defaults()));
        UUID hold = world.checkpoints("root").list().getFirst().id();
        assertThrows(Conflict.class, () -> world.checkpoints("root").delete(hold));

        assertTrue(world.clones().detach("leaf", Duration.ZERO).isDetached());
        assertTrue(world.clones().drop("middle", DropRules.defaults()).isDone());
        assertEquals(List.of(), world.checkpoints("root").list());
        assertTrue(world.clones().drop("root", DropRules.defaults()).isDone());
        assertEquals(middles, world.contents("leaf"));
        world.compact("leaf");
        assertSound("leaf");
    }

    @Test
    void shouldDropInStepsAndBeNoDatabaseInBetween() {
        world.write("db", 0, 200, "value ");
        world.write("db2", 0, 20, "other ");
        HoldfastReader reader =
                Engine.builder(world.store, "db")
                        .env(world.env)
                        .openReader(ReaderSettings.latest());
        var hasty = DropRules.defaults().within(Duration.ofNanos(1));
        assertFalse(world.clones().drop("db", hasty).isDone());
        assertThrows(Invalid.class, () -> world.open("db"));
        assertThrows(Invalid.class, () -> world.reader("db"));
        assertThrows(
                Invalid.class, () -> world.checkpoints("db").create(CheckpointOptions.lasting()));
        assertThrows(Invalid.class, () -> clone("child", CloneSource.of("db")));
        assertThrows(Conflict.class, () -> clone("db", CloneSource.of("db2")));
        while (isShown(reader)) Thread.onSpinWait();
        reader.close();
        assertTrue(world.clones().drop("db", DropRules.defaults()).isDone());
        assertEquals(List.of(), world.names("db"));
        assertThrows(Invalid.class, () -> world.clones().drop("db", DropRules.defaults()));
        assertEquals(20, world.contents("db2").size());
    }

    private static boolean isShown(DbReader reader) {
        try {
            return reader.get(Bytes.utf8(CopyWorld.key(1))) != null;
        } catch (Closed over) {
            return false;
        }
    }

    @Test
    void shouldFenceTheWriterOfADatabaseThatIsDropped() {
        try (HoldfastDb db = world.open("db")) {
            CopyWorld.put(db, new TreeMap<>(), 0, 10, "value ");
            db.flushMemtables();
            assertFalse(
                    world.clones()
                            .drop("db", DropRules.defaults().within(Duration.ofNanos(1)))
                            .isDone());
            CopyWorld.put(db, new TreeMap<>(), 0, 10, "late ");
            assertThrows(Closed.class, db::flushMemtables);
        }
        assertTrue(world.clones().drop("db", DropRules.defaults()).isDone());
        assertEquals(List.of(), world.names("db"));
    }

    @Test
    void shouldDropWhatOthersNeedOnlyIfToldSo() {
        world.write("parent", 0, 50, "value ");
        clone("child", CloneSource.of("parent"));
        assertThrows(Conflict.class, () -> world.clones().drop("parent", DropRules.defaults()));
        assertEquals(50, world.contents("child").size());
        world.clones().drop("parent", DropRules.defaults().givingUpDependents());
        assertThrows(CorruptData.class, () -> world.contents("child"));
        assertTrue(world.clones().drop("child", DropRules.defaults()).isDone());
    }
}
