package dev.holdfast.engine.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.local.DatabaseOwner.Hint;
import dev.holdfast.engine.local.DatabaseOwner.Log;
import dev.holdfast.engine.local.DatabaseOwner.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The words that owners leave as they were once written.
class OwnerGoldenTest {
    private static final UUID DATABASE = UUID.fromString("6f0f2c0e-9f5e-4f0a-8a53-1d2d3c4b5a69");
    private static final UUID NODE = UUID.fromString("0b5f7c1e-2d3a-4b4c-9d5e-6f708192a3b4");
    private static final Instant SINCE = Instant.ofEpochMilli(1_763_700_000_000L);

    private static void requireKept(String name, DatabaseOwner owner, UUID database) {
        OnceWritten.requireSame(name, OwnerText.of(owner, database));
        assertEquals(owner, OwnerText.owner(name, OnceWritten.read(name)));
    }

    @Test
    void shouldKeepOwners() {
        String directory = "/var/lib/a \"quoted\" \\ place";
        requireKept(
                "holdfast/owner-local.json",
                new DatabaseOwner(
                        7, NODE, Mode.LOCAL_FIRST, Log.SPARE, directory, SINCE, null, null),
                DATABASE);
        requireKept(
                "holdfast/owner-whole.json",
                new DatabaseOwner(8, NODE, Mode.LOCAL_FIRST, Log.WHOLE, "/d", SINCE, null, null),
                DATABASE);
    }

    @Test
    void shouldKeepWhatIsSaidOfUnshippedCommits() {
        var hint = new Hint(SINCE, 4711, 4700, 123_456, Duration.ofMillis(2500));

        OnceWritten.requireSame("holdfast/unshipped.json", OwnerText.of(hint));
        assertEquals(hint, OwnerText.hint("x", OnceWritten.read("holdfast/unshipped.json")));
    }

    // Kept objects are found by their names.
    @Test
    void shouldKeepTheirNames() {
        var names = new OwnerNames("db");

        assertEquals("db/holdfast/owner-00000000000000000007.json", names.owner(7));
        assertEquals("db/holdfast/drained-00000000000000000007.json", names.drained(7));
        assertEquals(
                "db/holdfast/unshipped-00000000000000000007-00000000000000000002.json",
                names.unshipped(7, 2));
    }
}
