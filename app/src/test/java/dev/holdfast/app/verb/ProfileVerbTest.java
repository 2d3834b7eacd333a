package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.local.DirectoryLock;
import dev.holdfast.objectstore.local.LockResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `profile`, on a directory: what it tells, and the way that has no way back.
class ProfileVerbTest {
    @TempDir private Path folder;

    private Ran run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", folder.toString()));
        return Ran.line(all.toArray(String[]::new));
    }

    @Test
    void shouldMakeADatabaseOneOfTheNewerProfileWithAllItsKeys() {
        run("put", "a", "1");
        assertEquals(new Ran(0, "slatedb-0.12\n", ""), run("profile", "show"));

        Ran upgraded = run("profile", "upgrade", "--yes", "--fence");

        assertEquals(0, upgraded.code(), upgraded::toString);
        assertTrue(upgraded.out().startsWith("slatedb-0.15\n"), upgraded::toString);
        Ran shown = run("profile", "show", "--json");
        assertTrue(shown.out().startsWith("{\"profile\":\"slatedb-0.15\","), shown::toString);
        assertTrue(shown.out().endsWith(",\"writable\":true}\n"), shown::toString);
        assertEquals("1\n", run("get", "a").out());
        run("put", "b", "2");
        assertEquals(0, run("compact", "--style", "everything").code());
        assertEquals("2\n", run("get", "b").out());
        assertEquals(0, run("fsck").code());
        Ran again = run("profile", "upgrade", "--yes", "--fence", "--json");
        assertEquals(0, again.code(), again::toString);
        assertTrue(again.out().contains("slatedb-0.15"), again::toString);
    }

    @Test
    void shouldAskWhetherItIsMeant() {
        run("put", "a", "1");

        Ran asked = run("profile", "upgrade");

        assertEquals(64, asked.code(), asked::toString);
        assertTrue(asked.err().contains("--yes"), asked::toString);
        assertEquals("slatedb-0.12\n", run("profile", "show").out());
    }

    @Test
    void shouldLeaveADatabaseAloneThatAnotherProcessHolds() {
        run("put", "a", "1");
        var result = DirectoryLock.tryAcquire(folder, Env.system());
        try (var _ = assertInstanceOf(LockResult.Acquired.class, result).lock()) {
            assertEquals(73, run("profile", "upgrade", "--yes").code());
        }
        assertEquals("slatedb-0.12\n", run("profile", "show").out());
    }

    @Test
    void shouldSayThatThereIsNoDatabase() {
        assertEquals(66, run("profile", "show").code());
        assertEquals(66, run("profile", "upgrade", "--yes").code());
    }
}
