package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneWorker;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.system.process.SlateDb;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The real engine reads what Holdfast compacted and collected, and their compactors take turns.
@Timeout(600)
class CompactionInteropTest {
    private static final Map<String, Object> EAGER =
            Map.of("compactor_options.poll_interval", "50ms", "flush_interval", "10ms");

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(names = {"TIERED", "LEVELED", "EVERYTHING"})
    void shouldBeReadWholeAfterCompactionAndCollection(Style style) throws Exception {
        // given
        var story = new Story(style.ordinal());
        Path database = Files.createDirectories(folder.resolve("db"));
        try (HoldfastDb db = Databases.open(database, settings(Style.OFF))) {
            for (int table = 0; table < 9; table++) {
                story.tell(db, 30);
                db.flushMemtables();
            }
        }
        // when
        compact(database, style);
        collect(database);
        // then
        assertReadBySlateDb(story, database);
        try (HoldfastDb db = Databases.open(database, settings(style))) {
            assertTrue(0 < db.stats().sortedRuns(), () -> db.stats().toString());
            assertEquals(story.model(), Databases.rows(db));
        }
    }

    /// SlateDB 0.12.1 goes through the tables of a run upwards even in a scan downwards, whoever
    /// wrote them (its pull request 2067). So that is compared only where runs have one table.
    @Test
    void shouldReadDownwardsWhatSlateDbPutsIntoSeveralTablesOutOfOrder() throws Exception {
        var story = new Story(11);
        Path database = Files.createDirectories(folder.resolve("db"));
        Map<String, Object> smallTables =
                Map.of(
                        "compactor_options.poll_interval",
                        "50ms",
                        "compactor_options.max_sst_size",
                        512,
                        "flush_interval",
                        "10ms");
        List<Bytes> keys;
        try (SlateDb db = SlateDb.openWithDefaults(database, smallTables)) {
            for (int table = 0; table < 12; table++) {
                story.tell(db, 30);
                db.flushMemtable();
            }
            keys = List.copyOf(story.model().descendingKeySet());
            Deadline deadline = Deadline.after(Env.system(), Duration.ofSeconds(60));
            while (db.keysDescending().equals(keys)) { // it has not compacted yet
                assertTrue(!deadline.isExpired(), "mended there: compare it everywhere");
                Env.system().sleep(Duration.ofMillis(100));
            }
            assertEquals(story.model(), db.scan());
            db.shutdown();
        }
        try (DbReader db = Databases.openReader(database)) {
            assertEquals(keys, Databases.keysDescending(db));
        }
    }

    @Test
    void shouldTakeTurnsWithTheCompactorOfSlateDb() throws Exception {
        takeTurns(8);
    }

    @Test
    @Tag("long")
    void shouldTakeTurnsWithTheCompactorOfSlateDbFiftyTimes() throws Exception {
        takeTurns(50);
    }

    @Test
    void shouldBeReadWholeWhileWorkersHaveOrdersAndAfterwards() throws Exception {
        // given
        var story = new Story(5);
        Path database = Files.createDirectories(folder.resolve("db"));
        try (HoldfastDb db = Databases.open(database, settings(Style.OFF))) {
            for (int table = 0; table < 9; table++) {
                story.tell(db, 30);
                db.flushMemtables();
            }
        }
        var manner = StandaloneWorker.Manner.untilStopped("w");
        try (var worker = Engine.worker(slow(database), "", sharing(), manner);
                var compactor = Engine.compactor(slow(database), "", sharing())) {
            worker.start();
            awaitPaper(database, "workers/here/");
            // when
            compactor.start();
            awaitPaper(database, ".claim");
            // then: SlateDB reads, and writes, beside the papers
            assertReadBySlateDb(story, database);
            try (SlateDb db = SlateDb.open(database, Map.of())) {
                assertEquals(story.model(), db.scan());
                story.tell(db, 5);
                db.flush();
                assertTrue(hasPaper(database, ".order"), "it was over too early");
                db.shutdown();
            }
            compactor.awaitIdle(Duration.ofMinutes(1));
            assertTrue(0 < compactor.progress().sharing().byWorkers());
        }
        assertReadBySlateDb(story, database);
        // and: its own compactor and collector go on from there
        try (SlateDb db = SlateDb.openWithDefaults(database, EAGER)) {
            story.tell(db, 30);
            db.flushMemtable();
            db.shutdown();
        }
        assertReadBySlateDb(story, database);
        assertTrue(Engine.fsck(store(database), "").isSound());
    }

    private static Settings sharing() {
        var workers = new CompactionSettings.Workers(ByteSize.bytes(1), Duration.ofMillis(500));
        CompactionSettings compaction =
                settings(Style.EVERYTHING)
                        .compaction()
                        .withTableSize(ByteSize.kibibytes(4))
                        .withJobs(1, 1)
                        .withWorkers(workers);
        return settings(Style.EVERYTHING).but().compaction(compaction).build();
    }

    /// The store of a database, with tables that take their time.
    private static ObjectStore slow(Path database) {
        ObjectStore store = store(database);
        return (ObjectStore)
                Proxy.newProxyInstance(
                        ObjectStore.class.getClassLoader(),
                        new Class<?>[] {ObjectStore.class},
                        (_, method, arguments) -> {
                            boolean isTable =
                                    method.getName().equals("put")
                                            && arguments[0].toString().contains("compacted/");
                            if (isTable) Env.system().sleep(Duration.ofMillis(100));
                            return method.invoke(store, arguments);
                        });
    }

    private static void awaitPaper(Path database, String part) throws Exception {
        Deadline deadline = Deadline.after(Env.system(), Duration.ofSeconds(60));
        while (!hasPaper(database, part)) {
            assertTrue(!deadline.isExpired(), "no " + part);
            Env.system().sleep(Duration.ofMillis(5));
        }
    }

    private static boolean hasPaper(Path database, String part) {
        return store(database).list("workers/", null, 1000).stream()
                .anyMatch(object -> object.name().contains(part));
    }

    private void takeTurns(int turns) throws Exception {
        long seed = Long.getLong("interop.seed", System.nanoTime());
        var story = new Story(seed);
        Path database = Files.createDirectories(folder.resolve("db"));
        for (int turn = 0; turn < turns; turn++) {
            String where = "interop.seed=" + seed + " turn=" + turn;
            Style style = story.draw(2) == 0 ? Style.TIERED : Style.LEVELED;
            try (HoldfastDb db = Databases.open(database, settings(style))) {
                assertEquals(story.model(), Databases.rows(db), where);
                for (int table = 0; table < 5; table++) {
                    story.tell(db, 8);
                    db.flushMemtables();
                }
            }
            if (story.draw(3) == 0) compact(database, style);
            if (story.draw(3) == 0) collect(database);
            try (SlateDb db = SlateDb.openWithDefaults(database, EAGER)) {
                assertEquals(story.model(), db.scan(), where);
                for (int table = 0; table < 5; table++) {
                    story.tell(db, 8);
                    db.flushMemtable();
                }
                if (story.draw(2) == 0) db.shutdown();
                else db.flush();
            }
        }
        assertReadBySlateDb(story, database);
        var report = Engine.fsck(store(database), "");
        assertTrue(report.isSound(), () -> report.problems() + " interop.seed=" + seed);
    }

    private static void compact(Path database, Style style) throws InterruptedException {
        try (var compactor = Engine.compactor(store(database), "", settings(style))) {
            compactor.start();
            compactor.awaitIdle(Duration.ofMinutes(1));
        }
    }

    private static void collect(Path database) {
        Engine.collect(store(database), "", new CollectionRules(Duration.ZERO, Sweep.REMOVE));
    }

    private static ObjectStore store(Path database) {
        return ObjectStores.open(Databases.url(database), Env.system());
    }

    private static void assertReadBySlateDb(Story story, Path database) throws IOException {
        try (SlateDb reader = SlateDb.openReader(database)) {
            assertEquals(story.model(), reader.scan());
        }
    }

    private static Settings settings(Style style) {
        CompactionSettings compaction =
                CompactionSettings.defaults()
                        .withStyle(style)
                        .withTableSize(ByteSize.kibibytes(32));
        return Settings.defaults()
                .but()
                .flushInterval(Duration.ofMillis(20))
                .l0SstSize(ByteSize.kibibytes(64))
                .blockSize(ByteSize.kibibytes(1))
                .filterKeysMin(10)
                .compaction(compaction)
                .build();
    }
}
