package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When which commit was written, and who can open the database, asked on the command line.
class SeqVerbTest {
    @TempDir private Path folder;

    private Ran run(String verb, String... words) {
        var line = new String[words.length + 3];
        line[0] = verb;
        System.arraycopy(words, 0, line, 1, words.length);
        line[words.length + 1] = "--data";
        line[words.length + 2] = folder.toString();
        return Ran.line(line);
    }

    @Test
    void shouldFindTheTimeOfACommitAndTheCommitOfATime() {
        // given
        run("put", "a", "1");
        // when
        Ran points = run("seq");
        String[] first = points.out().lines().findFirst().orElseThrow().split("\t");
        // then
        assertEquals(0, points.code());
        assertEquals(first[0] + "\t" + first[1] + "\n", run("seq", "--of", first[0]).out());
        assertEquals(first[0] + "\t" + first[1] + "\n", run("seq", "--at", first[1]).out());
        assertEquals(66, run("seq", "--at", "2001-01-01T00:00:00Z").code());
        assertTrue(
                run("seq", "--at", "2001-01-01T00:00:00Z", "--round", "up", "--json")
                        .out()
                        .startsWith("{\"seq\":" + first[0] + ","));
        assertEquals(64, run("seq", "--at", "yesterday").code());
    }

    @Test
    void shouldTellWhoCanOpenIt() {
        // given
        run("put", "a", "1");
        // then
        assertEquals(new Ran(0, "slatedb-0.12\n", ""), run("profile", "show"));
    }
}
