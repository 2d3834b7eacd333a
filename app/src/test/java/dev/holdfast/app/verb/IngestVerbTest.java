package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestVerbTest {
    @TempDir Path folder;

    private Ran run(String input, String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", folder.toString()));
        return Ran.withInput(input, all.toArray(String[]::new));
    }

    @Test
    void shouldCommitSortedRowsOfEitherFormat() {
        // given
        run("", "put", "--as", "kv", "a", "0");
        // when
        Ran tsv = run("a\t1\nb\t2\n", "ingest", "-q", "--json", "-");
        Ran jsonl =
                run(
                        "{\"key\":\"b\",\"value\":\"3\"}\n"
                                + "{\"key64\":\"Yw==\",\"value64\":\"/w==\"}\n",
                        "ingest",
                        "-q",
                        "--format",
                        "jsonl");
        // then
        assertEquals(0, tsv.code(), tsv.toString());
        assertTrue(tsv.out().startsWith("{\"committed\":true,\"rows\":2,\"tables\":1,"), tsv.out());
        assertEquals(0, jsonl.code(), jsonl.toString());
        assertTrue(jsonl.out().startsWith("ingested 2 rows in 1 tables ("), jsonl.out());
        assertEquals("a\t1\nb\t3\nc\t\\xff\n", run("", "scan", "--as", "kv").out());
        String changes = run("", "changes", "--json").out();
        assertTrue(
                changes.contains("\"ingested\":{\"rows\":2,\"firstKey\":\"a\",\"lastKey\":\"b\"}"),
                changes);
    }

    @Test
    void shouldCommitNothingWhereALineIsRejectedOrOutOfOrder() {
        // when
        Ran ran = run("a\t1\nc\t2\nb\t3\nbroken\n", "ingest", "-q", "--json");
        // then
        assertEquals(65, ran.code());
        assertTrue(ran.out().startsWith("{\"committed\":false,\"rows\":0,"), ran.out());
        assertEquals(
                "holdfast: line 3: key not behind the one before\n"
                        + "holdfast: line 4: no tab between key and value\n",
                ran.err());
        assertEquals("", run("", "scan", "--as", "kv").out());
        assertEquals(64, run("", "ingest", "--within", "25h").code());
    }
}
