package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `tail` and `tier status` on the directory of a node that was taken over, and came back.
class TailVerbTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Settings QUIET =
            Settings.defaults().but().untended().flushInterval(Duration.ofMinutes(10)).build();

    @TempDir private Path folder;

    // `tail` and `both` are on one disk alone; then another writes `both`.
    @BeforeEach
    void cutATailOff() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        try (ObjectStore store = ObjectStores.open(data(), Env.system())) {
            HoldfastDb first = node(store, "a").open();
            first.write(row("kept", "old"), Durability.REMOTE);
            first.write(row("tail", "1"), Durability.LOCAL);
            first.write(row("both", "1"), Durability.LOCAL);
            first.shutdown(Mode.FAST, Duration.ofSeconds(2));
        }
    }

    private void takeOver() {
        try (ObjectStore store = ObjectStores.open(data(), Env.system())) {
            try (HoldfastDb other = node(store, "b").takeOver().open()) {
                other.write(row("both", "newer"), Durability.REMOTE);
            }
            node(store, "a").open().close();
        }
    }

    private String data() {
        return folder.resolve("data").toUri().toString().replaceAll("/$", "");
    }

    private String disk() {
        return folder.resolve("a").toString();
    }

    private EngineBuilder node(ObjectStore store, String name) {
        var local =
                LocalSettings.in(folder.resolve(name))
                        .withSegmentSize(ByteSize.kibibytes(64))
                        .withCacheSize(ByteSize.bytes(0))
                        .withShipInterval(Duration.ofMinutes(10));
        return Engine.builder(store, "").settings(QUIET).local(local);
    }

    private static WriteBatch row(String key, String value) {
        return new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(value));
    }

    private static Ran line(String... words) {
        return Ran.line(words);
    }

    private static List<JsonNode> objects(Ran ran) {
        var all = new ArrayList<JsonNode>();
        ran.out().lines().forEach(each -> all.add(JSON.readTree(each)));
        return all;
    }

    private String value(String key) {
        return line("get", "--as", "kv", "--data", data(), key).out();
    }

    @Test
    void shouldShowWhatIsKeptAside() {
        takeOver();

        Ran shown = line("tail", "show", disk(), "--json");
        Ran keys = line("tail", "show", disk(), "--keys", "--json");

        assertEquals(0, shown.code(), shown.toString());
        JsonNode tail = objects(shown).getFirst();
        assertEquals("1", tail.at("/tail").asString());
        assertEquals(3, tail.at("/lastCommit").asInt());
        assertTrue(tail.at("/damage").isMissingNode() || tail.at("/damage").isNull());
        assertTrue(keys.out().contains("\"tail\"") && keys.out().contains("\"both\""), keys.out());
        assertEquals(66, line("tail", "show", folder.resolve("typo").toString()).code());
    }

    @Test
    void shouldReplayWhatNobodyHasTouchedAndSayWhatIsLeft() {
        takeOver();

        Ran dry = line("tail", "replay", disk(), "--data", data(), "--dry-run", "--json");
        assertEquals("", value("tail"));
        Ran done = line("tail", "replay", disk(), "--data", data(), "--json");

        assertEquals(1, dry.code(), dry.toString());
        assertEquals(1, done.code(), done.toString());
        JsonNode page = objects(done).getFirst();
        assertEquals("no", page.at("/dryRun").asString());
        assertEquals(1, page.at("/leftAsTouchedSince").asInt());
        assertEquals("both", page.at("/touchedKeys/0").asString());
        assertEquals(objects(dry).getFirst().at("/written").asInt(), page.at("/written").asInt());
        assertEquals("1", value("tail").strip());
        assertEquals("newer", value("both").strip());

        Ran forced = line("tail", "replay", disk(), "1", "--data", data(), "--force");
        assertEquals(0, forced.code(), forced.toString());
        assertEquals("1", value("both").strip());
    }

    @Test
    void shouldDropATailOnlyByItsNameAndWithAWord() {
        takeOver();

        assertEquals(64, line("tail", "drop", disk()).code());
        Ran unsure = line("tail", "drop", disk(), "1");
        assertEquals(64, unsure.code());
        assertTrue(unsure.err().contains("--yes"), unsure.err());
        assertEquals(66, line("tail", "drop", disk(), "2", "--yes").code());
        assertEquals(0, line("tail", "drop", disk(), "1", "--yes").code());

        assertEquals(new Ran(0, "", ""), line("tail", "show", disk()));
        assertEquals(66, line("tail", "replay", disk(), "--data", data()).code());
    }

    @Test
    void shouldTellWhoseTheDatabaseIsAndWhetherOthersMayOpenIt() {
        Ran owned = line("tier", "status", data(), "--json");
        takeOver();
        Ran free = line("tier", "status", data(), "--json");

        assertEquals(0, owned.code(), owned.toString());
        JsonNode before = objects(owned).getFirst();
        assertEquals("only by --take-over", before.at("/othersMayOpen").asString());
        assertEquals(disk(), before.at("/owner/directory").asString());
        assertEquals("yes", objects(free).getFirst().at("/othersMayOpen").asString());
        assertFalse(Files.exists(folder.resolve("data/.holdfast.local")), "a look makes nothing");
        assertEquals(66, line("tier", "status", "http://127.0.0.1:1").code());
    }
}
