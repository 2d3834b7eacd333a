package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.BackupReport;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.CrashingStore;
import dev.holdfast.objectstore.fault.CrashingStore.Moment;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Backups and clones of a database that is cut into segments.
@Timeout(120)
class SegmentCopyTest {
    private static final Settings QUIET = Settings.defaults().but().untended().build();
    private static final Settings HASTY = QUIET.but().writeTimeout(Duration.ofMillis(200)).build();
    private static final SegmentRules BY_DAY = SegmentRules.by(PrefixExtractor.until((byte) '/'));
    private static final int LAST = 1_000;

    private final MemoryStore store = new MemoryStore();
    private final TreeMap<String, String> model = new TreeMap<>();

    private static HoldfastDb open(ObjectStore store, String path) {
        return Engine.builder(store, path).settings(QUIET).segments(BY_DAY).open();
    }

    // Two flushes, and a tail that only the log has.
    private void write(String value) {
        HoldfastDb db = open(store, "db");
        for (int round = 0; round < 3; round++) {
            var batch = new WriteBatch();
            for (int day = round; day < 4; day++) {
                String key = "day%d/%s".formatted(day, value);
                batch.put(Bytes.utf8(key), Bytes.utf8(value + round));
                model.put(key, value + round);
            }
            db.write(batch, Durability.REMOTE);
            if (round < 2) db.flushMemtables();
        }
        db.shutdown(Mode.IMMEDIATE, Duration.ofSeconds(1));
    }

    private static TreeMap<String, String> rows(Reads reads) {
        var rows = new TreeMap<String, String>();
        try (Scan scan = reads.scan(KeyRange.all())) {
            while (scan.next()) rows.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return rows;
    }

    private static void compact(ObjectStore store, String path) throws InterruptedException {
        var how = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        EngineBuilder builder =
                Engine.builder(store, path)
                        .segments(BY_DAY)
                        .settings(QUIET.but().compaction(how).build());
        try (StandaloneCompactor compactor = builder.compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(60));
        }
    }

    private static MemoryStore copyOf(MemoryStore from) {
        var copy = new MemoryStore();
        for (ObjectMeta each : from.list("", null, LAST))
            copy.put(each.name(), List.of(Objects.requireNonNull(from.get(each.name()))));
        return copy;
    }

    private static List<Bytes> segmentsOf(ObjectStore store, String path) {
        return Engine.segments(store, path);
    }

    @Test
    void shouldBeBackedUpTableByTableAndGoOnThere() throws InterruptedException {
        var vault = new MemoryStore();
        write("a");
        BackupReport first = Engine.backup(store, "db", vault, "db");
        write("b");
        BackupReport second = Engine.backup(store, "db", vault, "db");

        assertTrue(0 < first.objectsCopied());
        assertTrue(0 < second.objectsPresent(), second.toString());
        assertTrue(Engine.fsck(vault, "db").isSound());
        assertEquals(segmentsOf(store, "db"), segmentsOf(vault, "db"));
        try (HoldfastDb db = open(vault, "db")) {
            assertEquals(model, rows(db));
            db.put(Bytes.utf8("day9/new"), Bytes.utf8("1"));
        }
        compact(vault, "db");
        model.put("day9/new", "1");
        try (DbReader reader = Engine.openReader(vault, "db")) {
            assertEquals(model, rows(reader));
        }
    }

    @Test
    void shouldLeaveAWholeBackupWhereverItDies() {
        var vault = new MemoryStore();
        write("a");
        Engine.backup(store, "db", vault, "db");
        var before = new TreeMap<>(model);
        write("b");
        int deaths = 0;
        for (long call = 1; ; call++, deaths++) {
            MemoryStore copy = copyOf(vault);
            boolean isWhole = isBackedUp(new CrashingStore(copy, call, Moment.APPLIED));
            assertTrue(Engine.fsck(copy, "db").isSound(), "death at call " + call);
            try (DbReader reader = Engine.openReader(copy, "db")) {
                TreeMap<String, String> rows = rows(reader);
                assertTrue(rows.entrySet().containsAll(before.entrySet()), "call " + call);
                assertTrue(model.keySet().containsAll(rows.keySet()), "call " + call);
                if (isWhole) assertEquals(model, rows);
            }
            if (isWhole) break;
        }
        assertTrue(5 < deaths, "deaths: " + deaths);
    }

    private boolean isBackedUp(CrashingStore dying) {
        try {
            Engine.backup(store, "db", dying, "db");
            return true;
        } catch (StorageException died) {
            return false;
        }
    }

    @Test
    void shouldRefuseABackupThatIsCutOtherwise() {
        var vault = new MemoryStore();
        Engine.builder(store, "whole").settings(QUIET).open().close();
        Engine.backup(store, "whole", vault, "db");
        write("a");
        assertThrows(Conflict.class, () -> Engine.backup(store, "db", vault, "db"));
    }

    @Test
    void shouldLiveApartAsACloneAndOnItsOwnOnceDetached() throws InterruptedException {
        write("a");
        Engine.clones(store).create("clone", List.of(CloneSource.of("db")));
        var cloned = new TreeMap<>(model);
        write("b");
        compact(store, "db");
        Engine.collect(store, "db", new CollectionRules(Duration.ZERO, Sweep.REMOVE));
        try (HoldfastDb clone = open(store, "clone")) {
            assertEquals(cloned, rows(clone));
            clone.put(Bytes.utf8("day1/own"), Bytes.utf8("1"));
        }
        cloned.put("day1/own", "1");

        assertThrows(Conflict.class, () -> Engine.clones(store).drop("db", DropRules.defaults()));
        assertTrue(0 < Engine.clones(store).detach("clone", Duration.ZERO).tablesCopied());
        var manifest = Objects.requireNonNull(manifests("clone").latest()).manifest();
        assertEquals(List.of(), manifest.externalDbs());
        for (ObjectMeta each : store.list("db/", null, LAST)) store.delete(each.name());
        compact(store, "clone");
        try (DbReader reader = Engine.openReader(store, "clone")) {
            assertEquals(cloned, rows(reader));
        }
        assertTrue(Engine.fsck(store, "clone").isSound());
    }

    private ManifestStore manifests(String path) {
        return new ManifestStore(store, path, Env.system());
    }

    @Test
    void shouldBeAWholeCloneOnceACallThatWasCutIsRepeated() {
        write("a");
        int deaths = 0;
        for (long call = 1; ; call++, deaths++) {
            MemoryStore copy = copyOf(store);
            var dying = new CrashingStore(copy, call, Moment.APPLIED);
            boolean isMade = isCloned(dying);
            if (!isMade) assertTrue(isCloned(copy), "death at call " + call);
            assertTrue(Engine.fsck(copy, "clone").isSound(), "death at call " + call);
            try (DbReader reader = Engine.openReader(copy, "clone")) {
                assertEquals(model, rows(reader), "death at call " + call);
            }
            if (isMade) break;
        }
        assertTrue(5 < deaths, "deaths: " + deaths);
    }

    private static boolean isCloned(ObjectStore store) {
        return isCloned(store, List.of(CloneSource.of("db")));
    }

    private static boolean isCloned(ObjectStore store, List<CloneSource> sources) {
        try {
            Engine.builder(store, "").settings(HASTY).clones().create("clone", sources);
            return true;
        } catch (StorageException died) {
            return false;
        }
    }

    private static Bytes day(String from) {
        return Bytes.utf8("day" + from);
    }

    // Cut in the middle of a segment.
    private static List<CloneSource> halves(String low, String high) {
        return List.of(
                CloneSource.of(low).keys(null, day("1/b")),
                CloneSource.of(high).keys(day("1/b"), null));
    }

    @Test
    void shouldCloneSomeKeysSegmentBySegment() throws InterruptedException {
        write("a");
        write("b");
        compact(store, "db");
        write("c");
        var part = CloneSource.of("db").keys(day("1/b"), day("3/b"));
        var cloned = new TreeMap<>(model.subMap("day1/b", "day3/b"));

        Engine.clones(store).create("part", List.of(part));
        write("d");

        assertEquals(List.of(day("1/"), day("2/"), day("3/")), segmentsOf(store, "part"));
        try (HoldfastDb db = open(store, "part")) {
            assertEquals(cloned, rows(db));
            db.put(day("7/own"), Bytes.utf8("1"));
            cloned.put("day7/own", "1");
        }
        compact(store, "part");
        Engine.clones(store).detach("part", Duration.ZERO);
        try (DbReader reader = Engine.openReader(store, "part")) {
            assertEquals(cloned, rows(reader));
        }
        assertTrue(Engine.fsck(store, "part").isSound());
    }

    @Test
    void shouldUniteDatabasesSegmentBySegment() throws InterruptedException {
        write("a");
        Engine.clones(store).create("twin", List.of(CloneSource.of("db")));
        write("b");
        compact(store, "db");
        write("c");
        try (HoldfastDb twin = open(store, "twin")) {
            twin.put(day("0/twin"), Bytes.utf8("low"));
            twin.put(day("2/twin"), Bytes.utf8("high"));
        }
        compact(store, "twin");
        var expected = new TreeMap<>(model.tailMap("day1/b"));
        expected.put("day0/twin", "low");
        expected.put("day0/a", model.get("day0/a"));
        expected.put("day1/a", model.get("day1/a"));

        Engine.clones(store).create("union", halves("twin", "db"));

        assertEquals(
                List.of(day("0/"), day("1/"), day("2/"), day("3/")), segmentsOf(store, "union"));
        try (DbReader reader = Engine.openReader(store, "union")) {
            assertEquals(expected, rows(reader));
        }
        compact(store, "union");
        Engine.clones(store).detach("union", Duration.ZERO);
        try (HoldfastDb db = open(store, "union")) {
            assertEquals(expected, rows(db));
        }
        assertTrue(Engine.fsck(store, "union").isSound());
    }

    @Test
    void shouldBeAWholeUnionOnceACallThatWasCutIsRepeated() {
        write("a");
        Engine.clones(store).create("twin", List.of(CloneSource.of("db")));
        int deaths = 0;
        for (Moment moment : Moment.values())
            for (long call = 1; ; call++, deaths++) {
                MemoryStore copy = copyOf(store);
                var dying = new CrashingStore(copy, call, moment);
                boolean isMade = isCloned(dying, halves("twin", "db"));
                dying.landLate();
                if (!isMade) assertTrue(isCloned(copy, halves("twin", "db")), moment + " " + call);
                assertTrue(Engine.fsck(copy, "clone").isSound(), moment + " at " + call);
                try (DbReader reader = Engine.openReader(copy, "clone")) {
                    assertEquals(model, rows(reader), moment + " at " + call);
                }
                if (isMade) break;
            }
        assertTrue(20 < deaths, "deaths: " + deaths);
    }

    @Test
    void shouldRefuseWhatCannotBeCutAndWriteNothing() {
        write("a");
        Engine.builder(store, "other").settings(QUIET).open().close();
        PrefixExtractor slash = PrefixExtractor.until((byte) '/');
        var own = SegmentRules.by(new Own(slash));
        Engine.builder(store, "own").settings(QUIET).segments(own).open().close();
        int objects = store.list("", null, LAST).size();
        var part = CloneSource.of("own").keys(day("1/"), day("2/"));
        var union = List.of(CloneSource.of("db"), CloneSource.of("other"));
        assertThrows(Invalid.class, () -> Engine.clones(store).create("c", List.of(part)));
        assertThrows(Invalid.class, () -> Engine.clones(store).create("c", union));
        List<String> left =
                store.list("", null, LAST).stream()
                        .map(ObjectMeta::name)
                        .filter(name -> name.startsWith("c/"))
                        .toList();
        assertEquals(List.of(), left);
        assertTrue(objects <= store.list("", null, LAST).size());
    }

    private record Own(PrefixExtractor inner) implements PrefixExtractor {
        @Override
        public String name() {
            return "own";
        }

        @Override
        public int lengthIn(Bytes key) {
            return inner.lengthIn(key);
        }

        @Override
        public int lengthInAll(Bytes beginning) {
            return inner.lengthInAll(beginning);
        }
    }

    @Test
    void shouldBeReadAtACheckpointAndByAReaderThatHoldsOne() {
        write("a");
        var then = new TreeMap<>(model);
        var made =
                Engine.checkpoints(store, "db")
                        .create(CheckpointOptions.lasting(Duration.ofHours(1)));
        var held = ReaderSettings.heldCheckpoint(Duration.ofMinutes(1));
        try (HoldfastReader holding = Engine.openReader(store, "db", held)) {
            write("b");
            assertEquals(then, rows(holding));
        }
        var at = ReaderSettings.atCheckpoint(made.id());
        try (HoldfastReader reader = Engine.openReader(store, "db", at)) {
            assertEquals(then, rows(reader));
        }
    }
}
