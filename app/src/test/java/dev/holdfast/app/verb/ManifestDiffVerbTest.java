package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `manifest show` and `manifest diff` on a directory that was written twice and then compacted.
class ManifestDiffVerbTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private static Path folder;

    @BeforeAll
    static void write() {
        verb("put", "--as", "kv", "a", "1");
        verb("put", "--as", "kv", "b", "2");
        verb("compact", "--style", "everything");
    }

    @Test
    void shouldTellWhatAFlushDid() {
        // when: the first writer has taken over, and its table has come
        Ran ran = manifest("diff", "2", "3");
        // then
        assertTrue(ran.out().startsWith("manifest 2 -> 3\n"), ran.toString());
        assertTrue(ran.out().contains("\nlastL0Seq: 0 -> 1\n"), ran.toString());
        assertTrue(ran.out().contains("\nL0: 1 table in ("), ran.toString());
    }

    @Test
    void shouldTellWhatACompactionDid() {
        // when
        JsonNode diff = JSON.readTree(manifest("diff", "3..latest", "--json").out());
        // then
        assertEquals("L0", diff.at("/tables/0/level").asString());
        assertEquals(1, diff.at("/tables/0/out").size());
        assertEquals("run", diff.at("/tables/1/level").asString());
        assertEquals("new", diff.at("/tables/1/change").asString());
        assertTrue(0 < diff.at("/tables/1/in").size());
        assertEquals(1, diff.at("/checkpoints").size());
        assertTrue(diff.at("/checkpoints/0/from").isMissingNode());
        String page = manifest("diff", "3..latest").out();
        assertTrue(page.contains("\nrun 0 is new: "), page);
        assertTrue(page.contains("\ncheckpoint + id="), page);
    }

    @Test
    void shouldTellTheSameBackwards() {
        String there = manifest("diff", "3", "latest").out();
        String back = manifest("diff", "latest", "3").out();
        assertTrue(back.contains("\nrun 0 is gone: "), back);
        assertEquals(lines(there, "+"), lines(back, "-"));
        assertEquals(lines(there, "-"), lines(back, "+"));
        assertEquals("no difference", manifest("diff", "3", "3").out().lines().toList().get(1));
    }

    private static List<String> lines(String page, String sign) {
        return page.lines()
                .filter(line -> line.startsWith("  " + sign))
                .map(line -> line.substring(4))
                .sorted()
                .toList();
    }

    @Test
    void shouldTakeThePlaceAndTheNumberAsWords() {
        String place = folder.toString();
        assertEquals(manifest("show", "--id", "2").out(), shown(place, "2"));
        assertEquals(manifest("show").out(), shown(place));
        assertEquals(manifest("show").out(), shown(place, "latest"));
        assertEquals(
                manifest("diff", "2", "3").out(),
                Ran.line("manifest", "diff", place, "2..3").out());
    }

    private static String shown(String... words) {
        List<String> line = new ArrayList<>(List.of("manifest", "show"));
        line.addAll(List.of(words));
        return Ran.line(line.toArray(String[]::new)).out();
    }

    @Test
    void shouldRefuseWhatIsNoManifest() {
        assertFails(66, "no manifest 77", "diff", "2", "77");
        assertFails(66, "no manifest 77", "show", "77");
        assertFails(64, "neither a manifest's number nor `latest`: `x`", "diff", "2", "x");
        assertFails(64, "one manifest only", "diff", "2");
        assertFails(64, "one word too many", "diff", "a", "b", "1..2");
        assertFails(66, "no database at", "diff", folder.resolve("no").toString(), "1", "2");
    }

    private static void assertFails(int code, String message, String... words) {
        Ran ran = manifest(words);
        assertEquals(code, ran.code(), ran.toString());
        assertTrue(ran.err().contains(message), ran.toString());
    }

    private static Ran manifest(String... words) {
        List<String> line = new ArrayList<>(List.of("manifest"));
        line.addAll(List.of(words));
        line.addAll(2, List.of("--data", folder.toString()));
        return Ran.line(line.toArray(String[]::new));
    }

    private static void verb(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(1, List.of("--data", folder.toString()));
        Ran ran = Ran.line(line.toArray(String[]::new));
        assertEquals(0, ran.code(), ran.toString());
    }
}
