package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.local.DivergedTail;
import dev.holdfast.engine.local.TailReplay;
import dev.holdfast.engine.local.TailReplay.Touched;
import dev.holdfast.engine.local.TailRules;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A tail of several segments of which a part is missing: never is anything written over that
/// somebody wrote after the takeover, and what is missing is told.
@Timeout(60)
class TailCutTest {
    private static final Settings ALONE =
            Settings.defaults()
                    .but()
                    .untended()
                    .flushInterval(Duration.ofMinutes(10)) // ships what is waited for, and no more
                    .closeTimeout(Duration.ofSeconds(5))
                    .build();
    private static final String LARGE = "x".repeat(30_000);
    private static final int LARGE_ROWS = 8;

    private final MemoryStore store = new MemoryStore();

    @TempDir Path scratch;

    private EngineBuilder plain() {
        return Engine.builder(store, "db").settings(ALONE);
    }

    private EngineBuilder node(String name, Disk disk) {
        var local = LocalSettings.in(scratch.resolve(name)).withSegmentSize(ByteSize.kibibytes(64));
        return plain().local(local, disk);
    }

    private LocalDirectory directory() {
        return LocalDirectory.at(scratch.resolve("a"));
    }

    private static WriteBatch row(String key, String value) {
        return new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(value));
    }

    // Commit 1 is in the store, 2 to 10 are on the disk of `a` alone, in several segments; the
    // other's commit 2 is of a key that the last of them wrote too.
    @BeforeEach
    void diverge() {
        HoldfastDb first = node("a", Disk.system()).open();
        first.write(row("kept", "old"), Durability.REMOTE);
        for (int i = 0; i < LARGE_ROWS; i++) first.write(row("large" + i, LARGE), Durability.LOCAL);
        first.write(row("both", "tail"), Durability.LOCAL);
        first.shutdown(Mode.FAST, Duration.ofSeconds(20));
        try (HoldfastDb other = node("b", Disk.system()).takeOver().open()) {
            other.write(row("both", "newer"), Durability.REMOTE);
        }
    }

    private void comeBack() {
        node("a", Disk.system()).open().close();
    }

    private TailReplay replay(String name) {
        try (HoldfastDb db = plain().open()) {
            TailReplay done = directory().replay(name, db, Touched.LEAVE, TailRules.none());
            assertEquals("newer", db.get(Bytes.utf8("both")).toUtf8());
            assertEquals("old", db.get(Bytes.utf8("kept")).toUtf8());
            assertEquals(damageOf(name), done.damage());
            return done;
        }
    }

    private String damageOf(String name) {
        return directory().tails().stream()
                .filter(tail -> tail.name().equals(name))
                .findFirst()
                .orElseThrow()
                .damage();
    }

    private List<Path> segmentsIn(String folder) throws IOException {
        try (Stream<Path> files = Files.list(scratch.resolve("a").resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith("segment-"))
                    .sorted()
                    .toList();
        }
    }

    private static void loseHead(Path segment) throws IOException {
        byte[] content = Files.readAllBytes(segment);
        content[0] ^= 1;
        Files.write(segment, content);
    }

    // The real disk, whose calls of `method` fail from the one after `count` on.
    private static Disk failing(String method, int count) {
        var left = new int[] {count};
        return (Disk)
                Proxy.newProxyInstance(
                        Disk.class.getClassLoader(),
                        new Class<?>[] {Disk.class},
                        (_, called, arguments) -> {
                            boolean isMeant =
                                    called.getName().equals(method)
                                            && String.valueOf(arguments[arguments.length - 1])
                                                    .contains("segment-");
                            if (isMeant && --left[0] < 0)
                                throw new DiskException.Failed("Input/output error", null);
                            try {
                                return called.invoke(Disk.system(), arguments);
                            } catch (InvocationTargetException failure) {
                                throw failure.getCause();
                            }
                        });
    }

    @Test
    void shouldGoOnPuttingAsideWhereADeadLifeStopped() throws IOException {
        for (int moved = 0; moved < 3; moved++) {
            Disk failing = failing("rename", 1);
            assertThrows(Unavailable.class, () -> node("a", failing).open());
        }
        assertFalse(segmentsIn("").isEmpty());
        assertTrue(directory().tails().getFirst().damage().contains("segments"));

        comeBack();

        DivergedTail tail = directory().tails().getFirst();
        assertEquals(1, directory().tails().size());
        assertEquals("", tail.damage());
        assertTrue(tail.commonSeq() <= 1, tail.toString());
        assertEquals(10, tail.lastSeq());
        TailReplay done = replay("1");
        assertEquals(LARGE_ROWS, done.written());
        assertEquals(1, done.touched());
    }

    @Test
    void shouldTakeEachPartOfATailForDamaged() throws IOException {
        comeBack();
        Path diverged = scratch.resolve("a/diverged");
        Files.delete(diverged.resolve("1/note"));
        Files.createDirectory(diverged.resolve("1-2"));
        List<Path> segments = segmentsIn("diverged/1");
        for (Path segment : segments.subList(1, segments.size()))
            Files.move(segment, diverged.resolve("1-2").resolve(segment.getFileName()));

        List<DivergedTail> tails = directory().tails();

        assertEquals(List.of("1", "1-2"), tails.stream().map(DivergedTail::name).toList());
        for (DivergedTail tail : tails) {
            assertEquals(-1, tail.commonSeq());
            assertTrue(tail.damage().contains("a part"), tail.toString());
        }
        assertTrue(2 <= tails.getLast().afterSeq(), tails.toString());
        assertEquals(1, replay("1-2").touched());
        replay("1");
    }

    @Test
    void shouldNotTrustATailWhoseFirstHeadIsLostAside() throws IOException {
        comeBack();
        loseHead(segmentsIn("diverged/1").getFirst());

        DivergedTail tail = directory().tails().getFirst();

        assertTrue(tail.damage().contains("no head"), tail.toString());
        assertTrue(tail.commonSeq() < tail.afterSeq(), tail.toString());
        assertEquals(1, replay("1").touched());
    }

    @Test
    void shouldNotTrustATailWhoseFirstHeadWasLostBefore() throws IOException {
        loseHead(segmentsIn("").getFirst());
        comeBack();

        DivergedTail tail = directory().tails().getFirst();

        assertTrue(tail.damage().contains("no head"), tail.toString());
        assertEquals(-1, tail.commonSeq());
        assertEquals(1, replay("1").touched());
    }

    @Test
    void shouldSayWhichCommitsAreMissingAtTheBeginning() throws IOException {
        comeBack();
        Files.delete(segmentsIn("diverged/1").getFirst());

        DivergedTail tail = directory().tails().getFirst();

        assertTrue(tail.damage().contains("segments"), tail.toString());
        assertEquals(1, replay("1").touched());
    }

    @Test
    void shouldTrustNothingWithoutItsNote() throws IOException {
        comeBack();
        Path note = scratch.resolve("a/diverged/1/note");
        byte[] content = Files.readAllBytes(note);
        content[content.length - 5] ^= 1;
        Files.write(note, content);

        assertEquals(-1, directory().tails().getFirst().commonSeq());
        assertEquals(1, replay("1").touched());
    }

    @Test
    void shouldLeaveNoHalfTailWhenADropIsCutOff() {
        comeBack();
        var failing = LocalDirectory.at(scratch.resolve("a"), failing("delete", 1));
        assertThrows(Unavailable.class, () -> failing.drop("1"));

        assertEquals(List.of(), directory().tails());
        directory().drop("1");

        var left = new ArrayList<>(List.of(scratch.resolve("a/diverged").toFile().list()));
        assertEquals(List.of(), left);
        assertThrows(Invalid.class, () -> directory().drop("1"));
    }
}
