package dev.holdfast.app.verb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.local.DirectoryLock;
import dev.holdfast.objectstore.local.LockResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `stats` on directories: its figures against what lies there, its form against the schema, and
/// what it says where there is nothing to count.
class StatsVerbTest {
    private static final Path SCHEMA = Path.of("../docs/operating/stats.schema.json");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path folder;

    @Test
    void shouldCountWhatLiesThere() throws IOException {
        // given
        load(2_000);
        verb("delete", "--as", "kv", "key-0001", "key-0002");
        verb("compact", "--style", "everything");
        verb("put", "--as", "kv", "key-0003", "again");
        verb("delete", "--as", "kv", "key-0004");
        // when
        JsonNode stats = stats("--objects");
        // then
        assertEquals("at rest", stats.at("/state/is").asString());
        assertEquals("slatedb 0.12", stats.at("/profile").asString());
        assertEquals("L0", stats.at("/levels/0/level").asString());
        assertEquals(2, stats.at("/levels/0/tables").asInt());
        assertEquals(1, stats.at("/levels/0/rows/deletes").asInt());
        assertEquals(1_998, stats.at("/levels/1/rows/puts").asInt());
        assertEquals(0, stats.at("/levels/1/rows/deletes").asInt());
        assertEquals("key-0000", stats.at("/levels/1/firstKey").asString());
        assertEquals("key-1999", stats.at("/levels/1/lastKey").asString());
        assertEquals(3, stats.at("/estimates/readTables").asInt());
        assertEquals(1, stats.at("/checkpoints").size());
        assertEquals(2, stats.at("/checkpoints/0/pinnedTables").asInt());
        assertEquals(bytesOnDisk(), stats.at("/objects/all/bytes").asLong());
        long live = stats.at("/objects/live/bytes").asLong();
        long tables = stats.at("/total/bytes").asLong();
        assertTrue(tables < live && live < tables + 4_000, live + " of " + tables);
        assertTrue(0 < stats.at("/objects/garbage/objects").asInt());
    }

    @Test
    void shouldTellWhatTheNextOpeningReplays() throws IOException {
        // given
        String url = folder.toUri().toString().replaceAll("/$", "");
        try (Db db = Engine.open(url, Settings.defaults())) {
            var batch = new WriteBatch().put(Bytes.utf8("a"), Bytes.utf8("1"));
            db.write(batch, Durability.REMOTE);
            // when
            JsonNode stats = stats();
            // then: a fence, and one object with the row
            assertEquals(1, stats.at("/log/fences").asInt() + stats.at("/log/replayAfter").asInt());
            assertEquals(1, stats.at("/log/objects").asInt());
            assertEquals(2, stats.at("/log/last").asInt());
            assertEquals(0, stats.at("/total/tables").asInt());
            assertTrue(stats.at("/estimates/spaceAmplification").isMissingNode());
            assertTrue(page().contains("log          1 object behind the tables"), page());
        }
        assertEquals(0, stats().at("/log/objects").asInt());
    }

    @Test
    void shouldTellWhoHoldsTheDirectory() {
        // given
        load(3);
        LockResult lock = DirectoryLock.tryAcquire(folder, Env.system());
        // then
        String holder = "pid " + ProcessHandle.current().pid();
        assertTrue(page().contains("state        running: in use by " + holder), page());
        // when
        if (lock instanceof LockResult.Acquired(DirectoryLock held)) held.close();
        // then
        assertTrue(page().contains("state        at rest: no process holds it"), page());
        // then: what the file says counts only while its writer lives
        String dead = "pid 999999999 since 2026-01-01T00:00:00Z\n";
        write(folder.resolve(DirectoryLock.FILE_NAME), dead);
        assertTrue(page().contains("state        at rest: no process holds it"), page());
        String reborn = "pid " + ProcessHandle.current().pid() + " since 2001-01-01T00:00:00Z\n";
        write(folder.resolve(DirectoryLock.FILE_NAME), reborn);
        assertTrue(page().contains("state        at rest: no process holds it"), page());
    }

    @Test
    void shouldAskManyTablesForTheirRowsOnlyIfToldTo() {
        // given
        String url = folder.toUri().toString().replaceAll("/$", "");
        var alone = Settings.defaults().but().compaction(CompactionSettings.off()).build();
        try (Db db = Engine.open(url, alone)) {
            for (int i = 0; i < 33; i++) {
                var batch = new WriteBatch().put(Bytes.utf8("key" + i), Bytes.utf8("v"));
                db.write(batch, Durability.MEMORY);
                db.flushMemtables();
            }
        }
        // then
        assertEquals(33, stats().at("/total/rows/silentTables").asInt());
        assertTrue(page().contains("33 tables not asked for rows"), page());
        assertEquals(0, stats("--rows").at("/total/rows/silentTables").asInt());
        assertEquals(33, stats("--rows").at("/total/rows/rows").asInt());
    }

    @Test
    void shouldLookWithoutWriting() throws IOException {
        // given
        load(10);
        var before = files();
        // when
        stats("--rows", "--objects");
        page();
        // then
        assertEquals(before, files());
    }

    @Test
    void shouldSayWhatIsWrongAndWhatToDo() throws IOException {
        // given
        load(10);
        Path inside = folder.resolve("inside");
        verb("put", "a", "1");
        // then
        assertFails(66, "no database at ", "stats", inside.toString());
        verb("put", "--path", "inside", "a", "1");
        remove(folder.resolve("manifest"));
        assertFails(66, "but there is one at --path inside", "stats", folder.toString());
        Path tables = inside.resolve("compacted");
        for (Path table : filesIn(tables)) Files.delete(table);
        assertFails(65, "is missing: compacted/", "stats", inside.toString());
        assertFails(65, "`holdfast fsck`", "stats", inside.toString());
        for (Path manifest : filesIn(inside.resolve("manifest"))) write(manifest, "no manifest");
        assertFails(65, "is damaged, or of a form that is not known", "stats", inside.toString());
        remove(inside.resolve("manifest"));
        Files.createDirectories(inside.resolve("manifest"));
        write(inside.resolve("manifest").resolve("notes.txt"), "mine");
        assertFails(66, "is no manifest of SlateDB's format", "stats", inside.toString());
    }

    private static void assertFails(int code, String message, String... words) {
        Ran ran = Ran.line(words);
        assertEquals(code, ran.code(), ran.toString());
        assertTrue(ran.err().contains(message), ran.toString());
        assertEquals("", ran.out());
    }

    private void load(int rows) {
        List<String> lines =
                IntStream.range(0, rows).mapToObj(i -> "key-%04d\tvalue".formatted(i)).toList();
        var words = List.of("load", "-q", "--as", "kv", "--data", folder.toString(), "-");
        Ran ran = Ran.withInput(String.join("\n", lines), words.toArray(String[]::new));
        assertEquals(0, ran.code(), ran.toString());
    }

    private void verb(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(1, List.of("--data", folder.toString()));
        Ran ran = Ran.line(line.toArray(String[]::new));
        assertEquals(0, ran.code(), ran.toString());
    }

    private String page() {
        Ran ran = Ran.line("stats", folder.toString());
        assertEquals(0, ran.code(), ran.toString());
        return ran.out();
    }

    private JsonNode stats(String... options) {
        List<String> words = new ArrayList<>(List.of("stats", "--json", folder.toString()));
        words.addAll(List.of(options));
        Ran ran = Ran.line(words.toArray(String[]::new));
        assertEquals(0, ran.code(), ran.toString());
        assertFits(ran.out());
        return JSON.readTree(ran.out());
    }

    private static void assertFits(String json) {
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        try {
            var schema = registry.getSchema(Files.readString(SCHEMA, UTF_8));
            assertEquals(List.of(), schema.validate(json, InputFormat.JSON), json);
            String wrong = json.replace("\"epochs\"", "\"epoques\"");
            assertFalse(schema.validate(wrong, InputFormat.JSON).isEmpty());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.toList();
        }
    }

    private static void remove(Path directory) throws IOException {
        for (Path file : filesIn(directory)) Files.delete(file);
        Files.delete(directory);
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private TreeSet<String> files() throws IOException {
        var found = new TreeSet<String>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator)
                found.add(path + " " + Files.getLastModifiedTime(path));
        }
        return found;
    }
}
