package dev.holdfast.engine.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.Clones;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.CrashingStore;
import dev.holdfast.objectstore.fault.CrashingStore.Moment;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whoever makes, detaches or drops a clone dies at every call to the store, in every way, while
/// collectors remove what they may; it is repeated, or given up, and nobody has lost anything.
@Timeout(300)
class CloneCrashTest {
    private static final CollectionRules RULES =
            new CollectionRules(CopyWorld.MIN_AGE, Sweep.REMOVE);
    private static final String PARENT = "parent";
    private static final String OTHER = "other";
    private static final String CHILD = "child";

    private final CopyWorld world = new CopyWorld();
    private final SortedMap<String, String> parents = new TreeMap<>();
    private final SortedMap<String, String> others = new TreeMap<>();

    /// What is done to the store by whoever dies.
    private interface Deed {
        void run(Clones clones);
    }

    /// What must hold afterwards.
    private interface Check {
        void run(After after) throws InterruptedException;
    }

    // Two databases with several tables and a log behind them.
    @BeforeEach
    void fill() throws InterruptedException {
        var crashing = new CopyWorld();
        try (HoldfastDb db = crashing.open(PARENT)) {
            CopyWorld.put(db, parents, 0, 40, "table ");
            db.flushMemtables();
            CopyWorld.put(db, parents, 30, 60, "newer ");
            db.flushMemtables();
            CopyWorld.put(db, parents, 55, 58, "log ");
            db.flush();
            for (String name : crashing.names(PARENT)) {
                Bytes body = crashing.store.get(name);
                if (body != null) world.store.put(name, List.of(body));
            }
        }
        others.putAll(world.write(OTHER, 70, 90, "other "));
        world.compact(OTHER);
    }

    private CloneSource part() {
        return CloneSource.of(PARENT)
                .keys(Bytes.utf8(CopyWorld.key(10)), Bytes.utf8(CopyWorld.key(58)));
    }

    private SortedMap<String, String> ofPart() {
        return new TreeMap<>(parents.subMap(CopyWorld.key(10), CopyWorld.key(58)));
    }

    private SortedMap<String, String> ofUnion() {
        var all = ofPart();
        all.putAll(others);
        return all;
    }

    @Test
    void shouldLeaveAWholeCloneOrNoneThatOpens() {
        Deed clone = clones -> clones.create(CHILD, List.of(CloneSource.of(PARENT)));
        everywhere(
                clone,
                after -> {
                    after.changeParents();
                    after.repeat(clone);
                    after.check(PARENT, after.parents);
                    assertTrue(
                            after.contents(CHILD).equals(parents)
                                    || after.contents(CHILD).equals(after.parents),
                            after.where);
                    after.dropChild();
                });
    }

    @Test
    void shouldGiveUpACloneThatWasBegun() {
        everywhere(
                clones -> clones.create(CHILD, List.of(CloneSource.of(PARENT))), After::dropChild);
    }

    @Test
    void shouldLeaveAWholeUnionOrNoneThatOpens() {
        Deed union = clones -> clones.create(CHILD, List.of(part(), CloneSource.of(OTHER)));
        everywhere(
                union,
                after -> {
                    after.collectAll();
                    after.repeat(union);
                    after.check(CHILD, ofUnion());
                    after.dropChild();
                });
    }

    @Test
    void shouldKeepEveryRowWhileItIsDetached() {
        world.clones().create(CHILD, List.of(part(), CloneSource.of(OTHER)));
        Deed detach = clones -> clones.detach(CHILD, Duration.ZERO);
        everywhere(
                detach,
                after -> {
                    after.collectAll();
                    after.check(CHILD, ofUnion());
                    after.changeParents();
                    after.check(CHILD, ofUnion());
                    after.repeat(detach);
                    after.collectAll();
                    after.check(CHILD, ofUnion());
                    after.assertNoCheckpoints();
                    after.assertNoLeak(CHILD);
                    after.repeat(clones -> clones.drop(PARENT, DropRules.defaults()));
                    after.repeat(clones -> clones.drop(OTHER, DropRules.defaults()));
                    after.check(CHILD, ofUnion());
                });
    }

    @Test
    void shouldGoOnDroppingUntilNothingIsLeft() {
        world.clones().create(CHILD, List.of(part(), CloneSource.of(OTHER)));
        everywhere(
                clones -> clones.drop(CHILD, DropRules.defaults()),
                after -> {
                    after.collectAll();
                    after.assertWholeOrClosed(CHILD, ofUnion());
                    after.dropChild();
                    after.check(PARENT, parents);
                    after.check(OTHER, others);
                });
    }

    @Test
    void shouldLeaveAWholeCloneOfSomeKeysOrNoneThatOpens() {
        Deed part = clones -> clones.create(CHILD, List.of(part()));
        everywhere(
                part,
                after -> {
                    after.collectAll();
                    after.repeat(part);
                    after.changeParents();
                    after.check(CHILD, ofPart());
                    after.dropChild();
                    after.check(PARENT, after.parents);
                });
    }

    @Test
    void shouldLoseNothingWhenACollectorDies() throws InterruptedException {
        world.clones().create(CHILD, List.of(part(), CloneSource.of(OTHER)));
        SortedMap<String, String> expected = ofUnion();
        try (HoldfastDb db = world.open(PARENT)) {
            CopyWorld.put(db, parents, 0, 60, "changed ");
            db.flushMemtables();
        }
        world.compact(PARENT);
        everyCall(
                link -> {
                    world.env.shift(Duration.ofHours(1));
                    for (String path : List.of(PARENT, OTHER, CHILD)) world.collect(link, path);
                },
                after -> {
                    after.check(CHILD, expected);
                    after.check(PARENT, parents);
                    after.collectAll();
                    after.check(CHILD, expected);
                    after.repeat(clones -> clones.detach(CHILD, Duration.ZERO));
                    after.assertNoCheckpoints();
                    after.check(CHILD, expected);
                    after.assertNoLeak(PARENT);
                });
    }

    @Test
    void shouldKeepEveryRowWhenTheWriterOfACloneDies() {
        world.clones().create(CHILD, List.of(part(), CloneSource.of(OTHER)));
        SortedMap<String, String> before = ofUnion();
        everyCall(
                link -> {
                    HoldfastDb db = world.openHastily(link, CHILD);
                    try {
                        CopyWorld.put(db, new TreeMap<>(), 0, 9, "own ");
                        db.flushMemtables();
                    } finally {
                        db.shutdown(Mode.IMMEDIATE, Duration.ofMillis(50));
                    }
                },
                after -> {
                    after.changeParents();
                    SortedMap<String, String> found = after.contents(CHILD);
                    assertTrue(found.entrySet().containsAll(before.entrySet()), after.where);
                    after.repeat(clones -> clones.detach(CHILD, Duration.ZERO));
                    after.assertNoCheckpoints();
                    after.check(CHILD, found);
                    after.check(PARENT, after.parents);
                });
    }

    @Test
    void shouldKeepACloneThatStandsAloneWhileItsSourceIsDropped() {
        world.clones().create(CHILD, List.of(part()));
        world.clones().detach(CHILD, Duration.ZERO);
        world.env.shift(Duration.ofMinutes(30));
        Deed drop = clones -> clones.drop(PARENT, DropRules.defaults());
        everywhere(
                drop,
                after -> {
                    after.check(CHILD, ofPart());
                    after.assertWholeOrClosed(PARENT, parents);
                    if (!CopyWorld.names(after.store, PARENT).isEmpty()) after.repeat(drop);
                    after.collectAll();
                    assertEquals(List.of(), CopyWorld.names(after.store, PARENT), after.where);
                    after.check(CHILD, ofPart());
                });
    }

    private void everywhere(Deed deed, Check check) {
        everyCall(link -> deed.run(world.clones(link)), check);
    }

    private void everyCall(Consumer<ObjectStore> deed, Check check) {
        int deaths = 0;
        for (Moment moment : Moment.values())
            for (long call = 0; call < 2_000; call++) {
                MemoryStore copy = world.copy();
                var dying = new CrashingStore(copy, call, moment);
                boolean isThrough = isThrough(deed, dying);
                dying.landLate();
                try {
                    check.run(new After(copy, moment + " at " + call));
                } catch (StorageException failed) {
                    throw new AssertionError(moment + " at " + call, failed);
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
                if (isThrough) break;
                deaths++;
            }
        System.out.println("deaths: " + deaths);
        assertTrue(30 < deaths, "deaths: " + deaths);
    }

    private static boolean isThrough(Consumer<ObjectStore> deed, CrashingStore dying) {
        try {
            deed.accept(dying);
            return !dying.hasCrashed();
        } catch (StorageException died) {
            return false;
        }
    }

    /// The store as the dead have left it.
    private final class After {
        private final MemoryStore store;
        private final String where;
        private final SortedMap<String, String> parents =
                new TreeMap<>(CloneCrashTest.this.parents);

        After(MemoryStore store, String where) {
            this.store = store;
            this.where = where;
        }

        void repeat(Deed deed) {
            deed.run(world.clones(store));
        }

        SortedMap<String, String> contents(String path) {
            try (var reader = Engine.builder(store, path).env(world.env).openReader()) {
                return CopyWorld.contents(reader);
            }
        }

        void check(String path, SortedMap<String, String> expected) {
            assertEquals(expected, contents(path), where);
            var report = Engine.fsck(store, path);
            assertTrue(report.isSound(), () -> where + " " + path + ": " + report.problems());
        }

        // New rows and tables, so that what was there before is needed by the clone alone.
        void changeParents() throws InterruptedException {
            Settings settings = CopyWorld.TINY;
            try (HoldfastDb db =
                    Engine.builder(store, PARENT).settings(settings).env(world.env).open()) {
                CopyWorld.put(db, parents, 0, 60, "changed ");
                db.flushMemtables();
            }
            CopyWorld.compact(store, PARENT, world.env);
            collect(PARENT);
        }

        void collectAll() {
            for (String path : List.of(PARENT, OTHER, CHILD))
                if (!CopyWorld.names(store, path + "/manifest").isEmpty()) collect(path);
        }

        // As much later as nobody who goes on at once would be.
        private void collect(String path) {
            world.env.shift(Duration.ofMinutes(7));
            Engine.builder(store, path).env(world.env).collect(RULES);
        }

        void dropChild() {
            boolean isThere = !CopyWorld.names(store, CHILD).isEmpty();
            if (isThere) repeat(clones -> clones.drop(CHILD, DropRules.defaults()));
            assertEquals(List.of(), CopyWorld.names(store, CHILD), where);
            world.env.shift(Duration.ofMinutes(30));
            collectAll();
            assertNoCheckpoints();
        }

        // But those of compactions, which end by themselves.
        void assertNoCheckpoints() {
            world.env.shift(Duration.ofMinutes(30));
            collectAll();
            for (String path : List.of(PARENT, OTHER)) {
                var left = world.checkpoints(store, path).list();
                assertEquals(List.of(), left, where + " " + path);
            }
        }

        void assertWholeOrClosed(String path, SortedMap<String, String> expected) {
            SortedMap<String, String> found;
            try {
                found = contents(path);
            } catch (StorageException.Invalid closed) {
                return;
            }
            assertEquals(expected, found, where);
        }

        /// Every table that lies under `path` is named by a manifest, but for the one that was
        /// compacted last: that marks what may be about to be named.
        void assertNoLeak(String path) throws InterruptedException {
            SortedMap<String, String> first = contents(path).headMap(CopyWorld.key(11));
            try (HoldfastDb db =
                    Engine.builder(store, path).settings(CopyWorld.TINY).env(world.env).open()) {
                first.forEach((key, value) -> db.put(Bytes.utf8(key), Bytes.utf8(value)));
            }
            CopyWorld.compact(store, path, world.env);
            world.env.shift(Duration.ofHours(1));
            collect(path);
            collect(path);
            Set<String> orphans = new HashSet<>(Engine.fsck(store, path).orphans());
            assertTrue(orphans.size() <= 1, where + ": " + new ArrayList<>(orphans));
        }
    }
}
