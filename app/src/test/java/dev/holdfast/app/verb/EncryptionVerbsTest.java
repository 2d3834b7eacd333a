package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An encrypted database at the command line.
class EncryptionVerbsTest {
    private static final String FIRST = "1 " + "0a".repeat(32) + "\n";
    private static final String SECOND = "2 " + "0b".repeat(32) + "\n";

    @TempDir private Path folder;

    private Path keys(String text) throws IOException {
        return Files.writeString(folder.resolve("keys"), text);
    }

    private Ran run(Path keys, String... words) {
        var line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--data", folder.resolve("db").toString()));
        if (keys != null) line.addAll(List.of("--encryption-key-file", keys.toString()));
        return Ran.line(line.toArray(String[]::new));
    }

    @Test
    void shouldKeepWhatWasPutUnderKeysThatAreRotated() throws IOException {
        Path first = keys(FIRST);
        assertEquals(0, run(first, "put", "greeting", "hello").code());
        assertEquals("hello\n", run(first, "get", "greeting").out());
        Ran without = run(null, "get", "greeting");
        assertEquals(64, without.code());
        assertTrue(without.err().contains("no key was given"), without::toString);
        assertTrue(run(null, "keys").out().contains("1"), () -> run(null, "keys").toString());

        Path both = keys(SECOND + FIRST);
        assertEquals(0, run(both, "compact", "--style", "everything").code());
        assertEquals(0, run(both, "fsck").code());
        assertEquals("hello\n", run(keys(SECOND), "get", "greeting").out());
    }

    @Test
    void shouldTellNothingOfAKeyFileThatIsWrong() throws IOException {
        Ran ran = run(keys("1 c2VjcmV0\n"), "get", "a");

        assertEquals(78, ran.code());
        assertTrue(ran.err().contains("line 1"), ran::toString);
        assertFalse(ran.err().contains("c2VjcmV0"), ran::toString);
    }
}
