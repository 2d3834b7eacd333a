package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.gc.Collector;
import dev.holdfast.engine.gc.ShiftedEnv;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a collection removes, and what it never does.
@Timeout(120)
class CollectionTest {
    private static final Duration MIN_AGE = Duration.ofMinutes(5);

    private final ShiftedEnv env = new ShiftedEnv();
    private MemoryStore store = new MemoryStore(env);

    private CollectionReport collect(Sweep sweep) throws InterruptedException {
        var rules = new CollectionRules(MIN_AGE, sweep);
        return new Collector(store, "db", rules, env, Token.standalone(env)).collect();
    }

    private HoldfastDb open(Settings settings) {
        return Engine.builder(store, "db").settings(settings).env(env).open();
    }

    private static Settings tiny(Random random) {
        return RandomSettings.tiny(random).compaction(CompactionSettings.off()).build();
    }

    private void compactAll(Settings settings) throws InterruptedException {
        env.shift(Duration.ofSeconds(1)); // a collector spares what is as young as a compaction
        CompactionSettings all =
                CompactionSettings.defaults()
                        .withStyle(Style.EVERYTHING)
                        .withTableSize(ByteSize.kibibytes(1));
        try (var compactor =
                new StandaloneCompactor(store, "db", settings.but().compaction(all).build(), env)) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(60));
        }
    }

    @Test
    @Tag("GC-02")
    void shouldLeaveNothingThatNobodyNeedsAndEverythingThatSomebodyDoes() {
        Seeds.fresh(5).forEach(seed -> checked(seed, this::checkLives));
    }

    private interface Check {
        void check(long seed) throws InterruptedException;
    }

    private static void checked(long seed, Check check) {
        try {
            check.check(seed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void checkLives(long seed) throws InterruptedException {
        store = new MemoryStore(env);
        var random = new Random(seed);
        var workload = new Workload(seed);
        long removed = 0;
        Settings settings = tiny(random);
        for (int life = 0; life < 4; life++) {
            String where = "seed=" + seed + " life=" + life;
            try (HoldfastDb db = open(settings)) {
                assertEquals("", workload.differenceFrom(db), where);
                assertTrue(workload.run(db, 150), where);
                db.flushMemtables();
                env.shift(Duration.ofMinutes(10));
                compactAll(settings);
                removed += collect(Sweep.REMOVE).objects();
                assertEquals("", workload.differenceFrom(db), where);
                env.shift(Duration.ofMinutes(20));
                removed += collect(Sweep.REMOVE).objects();
            }
            workload.acknowledgeAll();
            FsckReport report = Engine.fsck(store, "db");
            assertTrue(report.isSound(), where + " " + report.problems());
        }
        assertTrue(0 < removed, "nothing was removed. seed=" + seed);
        env.shift(Duration.ofHours(1));
        try (HoldfastDb db = open(settings)) {
            db.put(Bytes.utf8("one"), Bytes.utf8("more")); // so that the store shows its time
        }
        compactAll(settings);
        env.shift(Duration.ofHours(1));
        collect(Sweep.REMOVE);
        collect(Sweep.REMOVE);
        // The table that was compacted last marks what may be about to be named.
        int left = Engine.fsck(store, "db").orphans().size();
        assertTrue(left <= 1, "orphans: " + left + ", seed=" + seed);
    }

    @Test
    @Tag("GC-03")
    void shouldRemoveNothingYoungByTheStoresClockWhateverOursSays() throws InterruptedException {
        var settings = tiny(new Random(1));
        var workload = new Workload(1);
        try (HoldfastDb db = open(settings)) {
            workload.run(db, 100);
            db.flushMemtables();
        }
        compactAll(settings);
        var ahead = new ShiftedEnv();
        ahead.shift(MIN_AGE.multipliedBy(2));

        var rules = new CollectionRules(MIN_AGE, Sweep.REMOVE);
        var collector = new Collector(store, "db", rules, ahead, Token.standalone(ahead));
        CollectionReport report = collector.collect();

        assertEquals(0, report.objects(), report.toString());
    }

    @Test
    @Tag("GC-02")
    void shouldNotDisturbAScanThatBeganBeforeACompaction() throws InterruptedException {
        var settings = tiny(new Random(2));
        var workload = new Workload(2);
        try (HoldfastDb db = open(settings)) {
            workload.run(db, 200);
            db.flushMemtables();
            try (Scan scan = db.scan(KeyRange.all(), Order.ASCENDING)) {
                assertTrue(scan.next());
                int before = 1;
                compactAll(settings);
                env.shift(Duration.ofMinutes(10));
                collect(Sweep.REMOVE);
                while (scan.next()) before++;
                int after = 0;
                try (Scan again = db.scan(KeyRange.all(), Order.ASCENDING)) {
                    while (again.next()) after++;
                }
                assertEquals(after, before);
            }
        }
    }

    @Test
    void shouldRemoveNoManifestAndNoStateBeyondAMark() throws InterruptedException {
        var settings = tiny(new Random(7));
        for (int life = 0; life < 3; life++)
            try (HoldfastDb db = open(settings)) {
                new Workload(7).run(db, 30);
                db.flushMemtables();
                compactAll(settings);
            }
        env.shift(Duration.ofHours(1));
        store.put("db/gc/manifest.boundary", List.of(Bytes.utf8("3")));
        store.put("db/gc/compactions.boundary", List.of(Bytes.utf8("2")));
        collect(Sweep.REMOVE);
        var manifests = store.list("db/manifest/", null, 1000);
        var states = store.list("db/compactions/", null, 1000);

        assertTrue(manifests.getFirst().name().endsWith("04.manifest"), manifests.toString());
        assertTrue(states.getFirst().name().endsWith("03.compactions"), states.toString());
        assertEquals("3", store.get("db/gc/manifest.boundary").toUtf8());
    }

    @Test
    void shouldOnlyCountWhatItWouldRemoveInADryRun() throws InterruptedException {
        var settings = tiny(new Random(3));
        var workload = new Workload(3);
        for (int life = 0; life < 3; life++)
            try (HoldfastDb db = open(settings)) {
                workload.run(db, 50);
                env.shift(Duration.ofMinutes(10));
            }
        CollectionReport would = collect(Sweep.DRY_RUN);
        CollectionReport again = collect(Sweep.DRY_RUN);
        CollectionReport did = collect(Sweep.REMOVE);

        assertTrue(0 < would.objects());
        assertEquals(would, again);
        assertEquals(would, did);
        assertEquals(0, collect(Sweep.REMOVE).objects());
    }

    @Test
    @Tag("GC-05")
    void shouldNotTouchADatabaseWhoseNameBeginsAlike() throws InterruptedException {
        var settings = tiny(new Random(4));
        for (String other : new String[] {"db1", "db10", "db/inner"})
            try (HoldfastDb db = Engine.builder(store, other).settings(settings).env(env).open()) {
                new Workload(5).run(db, 50);
            }
        try (HoldfastDb db = open(settings)) {
            new Workload(6).run(db, 50);
        }
        env.shift(Duration.ofHours(1));
        try (HoldfastDb db = open(settings)) {
            db.flushMemtables();
        }

        CollectionReport report = collect(Sweep.REMOVE);

        for (String name : report.names())
            assertTrue(name.matches("db/(wal|manifest|compacted|compactions)/[^/]*"), name);
        assertTrue(Engine.fsck(store, "db1").isSound());
        assertTrue(Engine.fsck(store, "db10").isSound());
        assertTrue(Engine.fsck(store, "db/inner").isSound());
    }

    @Test
    void shouldSayThatThereIsNoDatabase() {
        assertThrows(StorageException.Invalid.class, () -> collect(Sweep.DRY_RUN));
        assertFalse(store.list("", null, 10).iterator().hasNext());
    }
}
