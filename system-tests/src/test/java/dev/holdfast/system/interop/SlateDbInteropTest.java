package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.system.process.SlateDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The real engine opens what Holdfast wrote, writes on, and Holdfast reads the result.
class SlateDbInteropTest {
    /// So that no flush waits for a compactor, which is off.
    private static final Map<String, Object> SLATEDB = Map.of("l0_max_ssts", 10_000);

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldPassADatabaseThereAndBack(Compression codec) throws IOException {
        // given: several tables with deletes, and a log that reached no table
        var story = new Story(codec.ordinal());
        Path live = folder.resolve("live");
        Files.createDirectories(live);
        Path left;
        try (HoldfastDb db = Databases.open(live, settings(codec))) {
            for (int table = 0; table < 4; table++) {
                story.tell(db, 40);
                db.flushMemtables();
            }
            story.tell(db, 30);
            db.flush();
            left = Databases.copy(live, folder.resolve("left"));
        }
        // when: SlateDB reads it all, and writes
        try (SlateDb reader = SlateDb.openReader(left)) {
            assertEquals(story.model(), reader.scan());
        }
        try (SlateDb writer = SlateDb.open(left, slateDb(codec))) {
            assertSame(story, writer);
            story.tell(writer, 40);
            writer.flushMemtable();
            story.tell(writer, 40);
            assertSame(story, writer);
            writer.flush();
            // a crash: the process just ends
        }
        // then
        assertReads(story, left);
        try (HoldfastDb db = Databases.open(left, settings(codec))) {
            story.tell(db, 40);
            assertEquals(story.model(), Databases.rows(db));
        }
        try (SlateDb reader = SlateDb.openReader(left)) {
            assertEquals(story.model(), reader.scan());
        }
        assertSound(left);
    }

    @Test
    void shouldReadWhatSlateDbCompacted() throws IOException {
        // given
        var story = new Story(99);
        Path database = folder.resolve("db");
        Map<String, Object> eager =
                Map.of("compactor_options.poll_interval", "50ms", "flush_interval", "10ms");
        // when: compacted by SlateDB, both its own tables and ours
        try (SlateDb db = SlateDb.openWithDefaults(database, eager)) {
            for (int table = 0; table < 12; table++) {
                story.tell(db, 20);
                db.flushMemtable();
            }
            db.shutdown();
        }
        try (HoldfastDb db = Databases.open(database, settings(Compression.LZ4))) {
            assertEquals(story.model(), Databases.rows(db));
            for (int table = 0; table < 5; table++) {
                story.tell(db, 20);
                db.flushMemtables();
            }
        }
        try (SlateDb db = SlateDb.openWithDefaults(database, eager)) {
            assertSame(story, db);
            for (int table = 0; table < 8; table++) {
                story.tell(db, 20);
                db.flushMemtable();
            }
            db.shutdown();
        }
        // then
        assertReads(story, database);
        try (HoldfastDb db = Databases.open(database, settings(Compression.LZ4))) {
            assertEquals(story.model(), Databases.rows(db));
            assertTrue(0 < db.stats().sortedRuns(), () -> db.stats().toString());
        }
        assertSound(database);
    }

    private static void requireRefused(Executable opening) {
        var refused = assertThrows(AssertionError.class, opening);
        assertTrue(refused.getMessage().contains("SlateDB: "), refused.getMessage());
    }

    // Behind a composite filter it would miss keys in silence.
    @Test
    void shouldNotBeOpenedByAnOlderSlateDbInTheNewerProfile() throws IOException {
        Path database = folder.resolve("newer");
        Files.createDirectories(database);
        var store = ObjectStores.open(database.toUri().toString(), Env.system());
        try (HoldfastDb db =
                Engine.builder(store, "")
                        .settings(settings(Compression.NONE))
                        .profile(FormatProfile.SLATEDB_0_15)
                        .open()) {
            db.put(Bytes.utf8("key"), Bytes.utf8("value"));
            db.flushMemtables();
        }
        requireRefused(() -> SlateDb.openWithDefaults(database, Map.of()).close());
        try (DbReader reader = Engine.openReader(store, "")) {
            assertEquals(Bytes.utf8("value"), reader.get(Bytes.utf8("key")));
        }
        store.close();
    }

    @Test
    void shouldKeepEveryRowOverTwentyAlternatingOpenings() throws IOException {
        long seed = Long.getLong("interop.seed", System.nanoTime());
        var story = new Story(seed);
        Path database = folder.resolve("db");
        Files.createDirectories(database);
        for (int opening = 0; opening < 20; opening++) {
            Compression codec = Compression.values()[story.draw(Compression.values().length)];
            String where = "interop.seed=" + seed + " opening=" + opening;
            if (opening % 2 == 0) openHoldfast(story, database, codec, where);
            else openSlateDb(story, database, codec, where);
        }
        assertReads(story, database);
        assertSound(database);
    }

    private void openHoldfast(Story story, Path database, Compression codec, String where)
            throws IOException {
        try (HoldfastDb db = Databases.open(database, settings(codec))) {
            assertEquals(story.model(), Databases.rows(db), where);
            story.tell(db, 1 + story.draw(40));
            if (story.draw(2) == 0) db.flushMemtables();
            story.tell(db, story.draw(20));
            db.flush();
            if (story.draw(2) == 0) return;
            replaceByCopy(database);
        }
        restoreCopy(database);
    }

    private static void openSlateDb(Story story, Path database, Compression codec, String where)
            throws IOException {
        try (SlateDb db = SlateDb.open(database, slateDb(codec))) {
            assertEquals(story.model(), db.scan(), where);
            story.tell(db, 1 + story.draw(40));
            if (story.draw(2) == 0) db.flushMemtable();
            story.tell(db, story.draw(20));
            db.flush();
            if (story.draw(2) == 0) db.shutdown();
        }
    }

    private static void replaceByCopy(Path database) throws IOException {
        Databases.copy(database, database.resolveSibling("crashed"));
    }

    /// Puts the state before the orderly close in the place of the state after it.
    private static void restoreCopy(Path database) throws IOException {
        Path crashed = database.resolveSibling("crashed");
        if (!Files.exists(crashed)) return;
        Files.move(database, database.resolveSibling("closed-" + System.nanoTime()));
        Files.move(crashed, database);
    }

    private static void assertSame(Story story, SlateDb db) {
        assertEquals(story.model(), db.scan());
        assertEquals(List.copyOf(story.model().descendingKeySet()), db.keysDescending());
        List<Bytes> keys = story.someKeys();
        var expected = new ArrayList<Bytes>();
        for (var key : keys) expected.add(story.model().get(key));
        assertEquals(expected, db.get(keys));
    }

    private static void assertReads(Story story, Path database) {
        try (DbReader db = Databases.openReader(database)) {
            assertEquals(story.model(), Databases.rows(db));
            assertEquals(
                    List.copyOf(story.model().descendingKeySet()), Databases.keysDescending(db));
            for (var key : story.someKeys()) assertEquals(story.model().get(key), db.get(key));
        }
    }

    private static void assertSound(Path database) {
        var report = Engine.fsck(ObjectStores.open(Databases.url(database), Env.system()), "");
        assertTrue(report.isSound(), () -> report.problems().toString());
    }

    // Not compacted here: SlateDB is asked for scans downwards too (see CompactionInteropTest).
    private static Settings settings(Compression codec) {
        return Settings.defaults()
                .but()
                .untended()
                .compression(codec)
                .flushInterval(Duration.ofMillis(20))
                .l0SstSize(ByteSize.kibibytes(64))
                .blockSize(ByteSize.kibibytes(1))
                .filterKeysMin(10)
                .build();
    }

    private static Map<String, Object> slateDb(Compression codec) {
        if (codec == Compression.NONE) return SLATEDB;
        String name = codec.name().charAt(0) + codec.name().substring(1).toLowerCase(Locale.ROOT);
        return Map.of("l0_max_ssts", 10_000, "compression_codec", name, "min_filter_keys", 10);
    }
}
