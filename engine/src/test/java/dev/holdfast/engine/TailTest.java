package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.local.DivergedTail;
import dev.holdfast.engine.local.TailReplay;
import dev.holdfast.engine.local.TailReplay.Touched;
import dev.holdfast.engine.local.TailRules;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a takeover has cut off, looked at, replayed and dropped.
@Timeout(60)
class TailTest {
    private static final Settings ALONE =
            Settings.defaults()
                    .but()
                    .untended()
                    .flushInterval(Duration.ofMinutes(10)) // ships what is waited for, and no more
                    .closeTimeout(Duration.ofSeconds(5))
                    .build();

    private final MemoryStore store = new MemoryStore();

    @TempDir Path scratch;

    private EngineBuilder plain() {
        return Engine.builder(store, "db").settings(ALONE);
    }

    private EngineBuilder node(String name) {
        var local = LocalSettings.in(scratch.resolve(name)).withSegmentSize(ByteSize.kibibytes(64));
        return plain().local(local);
    }

    private LocalDirectory directory() {
        return LocalDirectory.at(scratch.resolve("a"));
    }

    private static WriteBatch row(String key, String value) {
        return new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(value));
    }

    private static String get(HoldfastDb db, String key) {
        Bytes value = db.get(Bytes.utf8(key));
        return value == null ? null : value.toUtf8();
    }

    // Commits 1 to 3 are shipped, 4 to 7 are not; then another writes, and the first comes back.
    @BeforeEach
    void cutATailOff() {
        HoldfastDb first = node("a").open();
        for (String key : List.of("kept", "changed", "removed"))
            first.write(row(key, "old"), Durability.REMOTE);
        first.write(row("changed", "tail 1"), Durability.LOCAL);
        first.write(row("changed", "tail 2"), Durability.LOCAL);
        first.write(new WriteBatch().delete(Bytes.utf8("removed")), Durability.LOCAL);
        first.write(row("both", "tail"), Durability.LOCAL);
        first.shutdown(Mode.FAST, Duration.ofSeconds(20));
        try (HoldfastDb other = node("b").takeOver().open()) {
            other.write(row("both", "newer"), Durability.REMOTE);
            other.write(row("theirs", "newer"), Durability.REMOTE);
        }
        node("a").open().close();
    }

    private TailReplay replay(Touched touched) {
        return replay(touched, TailRules.none());
    }

    private TailReplay replay(Touched touched, TailRules rules) {
        try (HoldfastDb db = plain().open()) {
            return directory().replay("1", db, touched, rules);
        }
    }

    private TailReplay rehearse() {
        try (DbReader reader = Engine.openReader(store, "db")) {
            return directory().rehearse("1", reader, Touched.LEAVE, TailRules.none());
        }
    }

    @Test
    void shouldShowWhatIsKeptAside() {
        List<DivergedTail> tails = directory().tails();

        assertEquals(1, tails.size());
        DivergedTail tail = tails.getFirst();
        assertEquals("1", tail.name());
        assertEquals(1, tail.epoch());
        assertEquals(7, tail.lastSeq());
        assertEquals(tail.lastSeq() - tail.afterSeq(), tail.rows());
        assertEquals("", tail.damage());
        assertTrue(tail.files().stream().anyMatch(file -> file.kind().equals("segment")));
        var keys = new TreeSet<String>();
        directory().keys("1", key -> keys.add(key.toUtf8()));
        assertTrue(keys.containsAll(List.of("both", "changed", "removed")), keys.toString());
        assertEquals(List.of(), LocalDirectory.at(scratch.resolve("b")).tails());
    }

    @Test
    void shouldReplayOnlyWhatNobodyHasTouched() {
        TailReplay dry = rehearse();
        try (HoldfastDb db = plain().open()) {
            assertEquals("old", get(db, "changed"));
        }

        TailReplay done = replay(Touched.LEAVE);

        assertEquals(dry, done);
        assertEquals(2, done.written());
        assertEquals(1, done.touched());
        assertEquals(List.of(Bytes.utf8("both")), done.examples());
        try (HoldfastDb db = plain().open()) {
            assertEquals("tail 2", get(db, "changed"));
            assertNull(get(db, "removed"));
            assertEquals("newer", get(db, "both"));
            assertEquals("newer", get(db, "theirs"));
            assertEquals("old", get(db, "kept"));
        }
    }

    @Test
    void shouldWriteNothingTwice() {
        replay(Touched.LEAVE);

        TailReplay again = replay(Touched.LEAVE);

        assertEquals(0, again.written());
        assertEquals(1, again.touched());
    }

    @Test
    void shouldOverwriteOnlyWhenToldTo() {
        TailReplay done = replay(Touched.OVERWRITE);

        assertEquals(1, done.overwritten());
        assertEquals(List.of(Bytes.utf8("both")), done.examples());
        try (HoldfastDb db = plain().open()) {
            assertEquals("tail", get(db, "both"));
            assertEquals("newer", get(db, "theirs"));
        }
    }

    @Test
    void shouldDropWhatItIsToldTo() {
        assertThrows(Invalid.class, () -> directory().drop("2"));
        assertThrows(Invalid.class, () -> directory().drop("../a"));

        directory().drop("1");

        assertEquals(List.of(), directory().tails());
        var left = new ArrayList<>(List.of(scratch.resolve("a/diverged").toFile().list()));
        assertEquals(List.of(), left);
    }

    @Test
    void shouldLeaveOutWhatTheRulesSay() {
        TailReplay done =
                replay(
                        Touched.OVERWRITE,
                        tail -> {
                            assertEquals("tail 2", tail.last(Bytes.utf8("changed")).toUtf8());
                            assertNull(tail.last(Bytes.utf8("removed")));
                            return key -> key.equals(Bytes.utf8("both"));
                        });

        assertEquals(1, done.leftOut());
        assertEquals(0, done.overwritten());
        try (HoldfastDb db = plain().open()) {
            assertEquals("newer", get(db, "both"));
        }
    }

    @Test
    void shouldWriteNothingWhenTheRulesForbidIt() {
        assertThrows(
                Invalid.class,
                () ->
                        replay(
                                Touched.OVERWRITE,
                                _ -> {
                                    throw new Invalid("no", null);
                                }));

        try (HoldfastDb db = plain().open()) {
            assertEquals("old", get(db, "changed"));
        }
    }

    @Test
    void shouldTellADirectoryFromAnythingElse() {
        assertTrue(directory().isThere());
        assertFalse(LocalDirectory.at(scratch.resolve("typo")).isThere());
    }

    @Test
    void shouldTakeAnotherExpiryForAnotherRow() {
        try (HoldfastDb db = plain().open()) {
            var batch = new WriteBatch();
            batch.put(Bytes.utf8("changed"), Bytes.utf8("tail 2"), Long.MAX_VALUE / 2);
            db.write(batch, Durability.REMOTE);
        }

        assertEquals(2, replay(Touched.LEAVE).touched());
    }

    /// `both` was touched by another, `changed` was not: as parts of one whole neither is written.
    @Test
    void shouldTouchNothingOfAWholeOfWhichAPartWasTouched() {
        Bytes whole = Bytes.utf8("changed");
        TailRules rules =
                _ -> plan(key -> key.equals(Bytes.utf8("both")) ? whole : key, Touched.OVERWRITE);

        TailReplay done = replay(Touched.LEAVE, rules);

        assertEquals(1, done.written()); // the one that was removed
        assertEquals(2, done.touched());
        assertEquals(List.of(Bytes.utf8("both")), done.examples());
        try (HoldfastDb db = plain().open()) {
            assertEquals("old", get(db, "changed"));
            assertEquals("newer", get(db, "both"));
            assertEquals("raised", get(db, "first"));
        }
        assertEquals(2, replay(Touched.OVERWRITE, rules).overwritten());
    }

    @Test
    void shouldNotWriteOverWhatTheRulesKeep() {
        TailReplay done = replay(Touched.OVERWRITE, _ -> plan(key -> key, Touched.LEAVE));

        assertEquals(0, done.overwritten());
        assertEquals(1, done.touched());
    }

    private static TailRules.Plan plan(UnaryOperator<Bytes> wholeOf, Touched most) {
        return new TailRules.Plan() {
            @Override
            public boolean leavesOut(Bytes key) {
                return false;
            }

            @Override
            public Bytes wholeOf(Bytes key) {
                return wholeOf.apply(key);
            }

            @Override
            public boolean mayOverwrite(Bytes whole) {
                return most == Touched.OVERWRITE;
            }

            @Override
            public Map<Bytes, Bytes> first() {
                return Map.of(Bytes.utf8("first"), Bytes.utf8("raised"));
            }
        };
    }
}
