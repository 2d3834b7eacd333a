package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.UpgradeRules;
import dev.holdfast.engine.manifest.Boundary;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.CompactionsVersion;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Status;
import dev.holdfast.format.compactions.Compactions;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.CrashingStore;
import dev.holdfast.objectstore.fault.CrashingStore.Moment;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Databases of the profile `slatedb-0.15`: made so, upgraded, compacted, collected and copied.
@Timeout(120)
class NewerProfileTest {
    private static final Settings QUIET =
            Settings.defaults()
                    .but()
                    .untended()
                    .blockSize(ByteSize.bytes(256))
                    .filterKeysMin(1)
                    .writeTimeout(Duration.ofSeconds(5))
                    .build();
    private static final String OLDER = "slatedb-0.12";
    private static final String NEWER = "slatedb-0.15";

    private final MemoryStore store = new MemoryStore();

    private EngineBuilder builder(FormatProfile profile) {
        return Engine.builder(store, "db").settings(QUIET).profile(profile);
    }

    private static void fill(HoldfastDb db, int from, int to) {
        for (int i = from; i < to; i++)
            db.write(new WriteBatch().put(key(i), key(i)), Durability.MEMORY);
        db.flushMemtables();
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key-%04d".formatted(i));
    }

    private static void requireRows(Reads db, int rows) {
        var expected = new TreeMap<String, String>();
        for (int i = 0; i < rows; i++) expected.put(key(i).toUtf8(), key(i).toUtf8());
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        assertEquals(expected, found);
        for (int i = 0; i < rows; i++) assertEquals(key(i), db.get(key(i)));
    }

    private static void compact(ObjectStore store, String path) throws InterruptedException {
        var everything = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings how = QUIET.but().compaction(everything).build();
        try (var compactor = Engine.compactor(store, path, how)) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(30));
        }
    }

    private ManifestVersion newest() {
        ManifestVersion newest = new ManifestStore(store, "db", Env.system()).latest();
        assertNotNull(newest);
        return newest;
    }

    private CompactionsVersion state(String path) {
        CompactionsVersion state = new CompactionsStore(store, path, Env.system()).latest();
        assertNotNull(state);
        return state;
    }

    private static Stream<SstView> tables(ManifestVersion version) {
        return Stream.concat(
                version.manifest().l0().stream(),
                version.manifest().sortedRuns().stream()
                        .map(SortedRun::ssts)
                        .flatMap(List::stream));
    }

    private List<ObjectMeta> listed(String prefix) {
        return store.list(prefix, null, ObjectStore.LIST_LIMIT_MAX);
    }

    private String profile(String path) {
        return Engine.profile(store, path).profile();
    }

    @Test
    void shouldMakeAndKeepADatabaseOfTheNewerProfile() throws InterruptedException {
        try (HoldfastDb db = builder(FormatProfile.SLATEDB_0_15).open()) {
            fill(db, 0, 40);
            fill(db, 40, 80);
            requireRows(db, 80);
        }
        assertEquals(NEWER, profile("db"));
        assertEquals(
                List.of(0L), listed("db/wal/").stream().limit(1).map(ObjectMeta::size).toList());
        compact(store, "db");
        assertTrue(state("db").isNewer());
        assertTrue(
                tables(newest())
                        .allMatch(each ->
                                each.sst().properties().filterForm() == FilterForm.COMPOSITE));
        Compaction last = state("db").compactions().recent().getLast();
        assertNotNull(((Compaction.Tiered) last.spec()).destination());

        try (HoldfastDb db = builder(FormatProfile.AS_FOUND).open()) {
            requireRows(db, 80);
            fill(db, 80, 120);
        }
        assertEquals(NEWER, profile("db"));
        try (HoldfastDb db = builder(FormatProfile.SLATEDB_0_15).open()) {
            requireRows(db, 120);
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }

    @Test
    void shouldRefuseTheOtherProfileBothWaysAndWriteNothing() {
        try (HoldfastDb db = builder(FormatProfile.SLATEDB_0_12).open()) {
            fill(db, 0, 10);
        }
        int before = listed("").size();
        var up = assertThrows(Invalid.class, () -> builder(FormatProfile.SLATEDB_0_15).open());
        assertTrue(up.getMessage().contains("profile upgrade"), up.getMessage());
        assertEquals(before, listed("").size());
        assertEquals(OLDER, profile("db"));

        Engine.upgradeProfile(store, "db", UpgradeRules.fencing());
        before = listed("").size();
        var down = assertThrows(Invalid.class, () -> builder(FormatProfile.SLATEDB_0_12).open());
        assertTrue(down.getMessage().contains(NEWER), down.getMessage());
        assertEquals(before, listed("").size());
    }

    @Test
    void shouldFenceWhoeverWritesWhenItUpgrades() throws InterruptedException {
        HoldfastDb old = builder(FormatProfile.AS_FOUND).open();
        fill(old, 0, 20);

        assertEquals(NEWER, Engine.upgradeProfile(store, "db", UpgradeRules.fencing()).profile());

        assertThrows(
                Closed.class,
                () -> old.write(new WriteBatch().put(key(1), key(1)), Durability.REMOTE));
        old.close();
        compact(store, "db");
        try (HoldfastDb db = builder(FormatProfile.SLATEDB_0_15).open()) {
            requireRows(db, 20);
            fill(db, 20, 40);
        }
        int before = listed("").size();
        Engine.upgradeProfile(store, "db", UpgradeRules.fencing());
        assertEquals(before, listed("").size(), "an upgrade of what is upgraded writes nothing");
    }

    @Test
    void shouldLeaveAWriterThatIsSeenAtWorkAlone() throws Exception {
        try (HoldfastDb db = builder(FormatProfile.AS_FOUND).open()) {
            fill(db, 0, 10);
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int i = 10; !Thread.currentThread().isInterrupted(); i++)
                                    db.write(
                                            new WriteBatch().put(Bytes.utf8("busy"), key(i)),
                                            Durability.REMOTE);
                            });
            try {
                var rules = new UpgradeRules(Duration.ofSeconds(2));
                var refused =
                        assertThrows(
                                Conflict.class, () -> Engine.upgradeProfile(store, "db", rules));
                assertTrue(refused.getMessage().contains("somebody writes"), refused.getMessage());
            } finally {
                writer.interrupt();
                writer.join();
            }
        }
        assertEquals(OLDER, profile("db"));
        assertEquals(
                NEWER,
                Engine.upgradeProfile(store, "db", new UpgradeRules(Duration.ofMillis(50)))
                        .profile());
    }

    private static MemoryStore withACompactionUnderWay() throws InterruptedException {
        var store = new MemoryStore();
        try (HoldfastDb db = Engine.builder(store, "db").settings(QUIET).open()) {
            fill(db, 0, 30);
            fill(db, 30, 60);
        }
        compact(store, "db");
        var states = new CompactionsStore(store, "db", Env.system());
        CompactionsVersion last = states.latest();
        assertNotNull(last);
        var left =
                new Compaction(
                        Ulid.next(Env.system()),
                        new Compaction.Tiered(List.of(), List.of(7L, 3L), null, null),
                        Status.RUNNING,
                        List.of(),
                        null,
                        null);
        var recent = Stream.concat(last.compactions().recent().stream(), Stream.of(left)).toList();
        var unfinished = new Compactions(last.compactions().compactorEpoch(), recent);
        Ulid putId = Ulid.next(Env.system());
        store.putIfAbsent(
                "db/compactions/%020d.compactions".formatted(last.id() + 1),
                List.of(
                        CompactionsCodec.encode(
                                unfinished, CompactionsCodec.VERSION_OLDER, 0, putId)),
                putId);
        return store;
    }

    @Test
    void shouldBeOfOneProfileOrTheOtherWhereverAnUpgradeDies() throws InterruptedException {
        var counting = new CountingStore();
        MemoryStore model = withACompactionUnderWay();
        for (ObjectMeta each : model.list("", null, ObjectStore.LIST_LIMIT_MAX))
            counting.put(each.name(), List.of(model.get(each.name())));
        long before = counting.calls();
        Engine.upgradeProfile(counting, "db", UpgradeRules.fencing());
        long calls = counting.calls() - before;
        for (long crashAt = 0; crashAt < calls; crashAt++) {
            for (Moment moment : Moment.values()) {
                MemoryStore left = withACompactionUnderWay();
                var crashing = new CrashingStore(left, crashAt, moment);
                String where = "crashAt=" + crashAt + " " + moment;
                try {
                    Engine.builder(crashing, "db")
                            .settings(QUIET.but().writeTimeout(Duration.ofMillis(100)).build())
                            .upgradeProfile(UpgradeRules.fencing());
                } catch (StorageException dead) {
                    assertTrue(crashing.hasCrashed(), where);
                }
                crashing.landLate();
                requireSound(left, where);
            }
        }
    }

    private static void requireSound(MemoryStore left, String where) throws InterruptedException {
        String found = Engine.profile(left, "db").profile();
        assertTrue(List.of(OLDER, NEWER).contains(found), where);
        try (HoldfastDb db = Engine.builder(left, "db").settings(QUIET).open()) {
            requireRows(db, 60);
        }
        assertEquals(
                NEWER, Engine.upgradeProfile(left, "db", UpgradeRules.fencing()).profile(), where);
        CompactionsVersion state = new CompactionsStore(left, "db", Env.system()).latest();
        assertNotNull(state);
        assertTrue(
                state.compactions().recent().stream()
                        .noneMatch(each -> each.status() == Status.RUNNING),
                where);
        compact(left, "db");
        try (HoldfastDb db = Engine.builder(left, "db").settings(QUIET).open()) {
            requireRows(db, 60);
        }
    }

    @Test
    void shouldPutAMarkBeforeItRemovesManifests() throws InterruptedException {
        try (HoldfastDb db = builder(FormatProfile.SLATEDB_0_15).open()) {
            for (int i = 0; i < 5; i++) fill(db, 10 * i, 10 * i + 10);
        }
        compact(store, "db");
        assertEquals(List.of(), listed("db/gc/manifest"));

        var rules = new CollectionRules(Duration.ZERO, CollectionRules.Sweep.REMOVE);
        assertTrue(0 < Engine.collect(store, "db", rules).removed().manifests().objects());

        Long manifests = Boundary.ofManifests(store, "db").read();
        Long states = Boundary.ofCompactions(store, "db").read();
        assertNotNull(manifests);
        assertNotNull(states);
        assertTrue(manifests < newest().id());
        assertTrue(states < state("db").id());
        try (HoldfastDb db = builder(FormatProfile.AS_FOUND).open()) {
            requireRows(db, 50);
            fill(db, 50, 60);
        }
        Engine.collect(store, "db", rules);
        Long later = Boundary.ofManifests(store, "db").read();
        assertNotNull(later);
        assertTrue(manifests < later);
    }

    @Test
    void shouldCopyTheProfileWithTheDatabase() {
        try (HoldfastDb db = builder(FormatProfile.SLATEDB_0_15).open()) {
            fill(db, 0, 30);
            db.write(new WriteBatch().put(key(30), key(30)), Durability.REMOTE);
        }
        Engine.clones(store).create("clone", List.of(CloneSource.of("db")));
        Engine.backup(store, "db", store, "backup");

        for (String path : List.of("clone", "backup")) {
            assertEquals(NEWER, profile(path));
            try (HoldfastDb db = Engine.builder(store, path).settings(QUIET).open()) {
                requireRows(db, 31);
                fill(db, 31, 40);
            }
            assertEquals(NEWER, profile(path));
            assertFalse(listed(path + "/compactions/").isEmpty());
        }
    }
}
