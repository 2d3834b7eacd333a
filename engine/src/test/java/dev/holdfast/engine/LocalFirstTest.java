package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.OwnedElsewhere;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Watermarks;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A database with a log in a local directory, on the real file system.
@Timeout(60)
class LocalFirstTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration ENOUGH = Duration.ofSeconds(20); // a stop in haste needs a moment

    private final MemoryStore store = new MemoryStore();
    private final StallingStore stalling = new StallingStore(store);

    @TempDir Path scratch;

    private static EngineBuilder builder(ObjectStore on, Path directory) {
        LocalSettings local = LocalSettings.in(directory).withSegmentSize(ByteSize.kibibytes(64));
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(ByteSize.kibibytes(32))
                        .writeTimeout(SOON)
                        .closeTimeout(ENOUGH)
                        .build();
        return Engine.builder(on, "db").settings(settings).local(local);
    }

    private HoldfastDb open(ObjectStore on, Path directory) {
        return builder(on, directory).open();
    }

    private HoldfastDb open() {
        return open(stalling, scratch.resolve("local"));
    }

    private static void put(HoldfastDb db, int from, int to) {
        for (int i = from; i < to; i++) db.write(row(i), Durability.LOCAL);
    }

    private static WriteBatch row(int number) {
        return new WriteBatch().put(key(number), Bytes.utf8("value " + number));
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key " + number);
    }

    private static void requireRows(HoldfastDb db, int from, int to) {
        for (int i = from; i < to; i++)
            assertEquals(Bytes.utf8("value " + i), db.get(key(i)), "row " + i);
    }

    private static LocalStatus status(HoldfastDb db) {
        LocalStatus status = db.local();
        assertNotNull(status);
        return status;
    }

    @Test
    void shouldMakeEachMissingLevelAndSayWhatHelpsWhereItCannot() throws IOException {
        Path deep = scratch.resolve("a/b/local");
        open(stalling, deep).close();
        assertTrue(deep.resolve("identity").toFile().isFile());

        Path file = Files.createFile(scratch.resolve("file"));
        var refused = assertThrows(Unavailable.class, () -> open(stalling, file.resolve("x")));
        String said = refused.getMessage();
        assertTrue(said.contains("the local directory cannot be made: `" + file), said);
        assertTrue(said.contains("--local DIR") && said.contains("--local off"), said);
    }

    @Test
    void shouldTellOnceWhatIsDurableHereWhoeverAsked() throws Exception {
        try (HoldfastDb db = open()) {
            stalling.stall();
            var told = new Semaphore(0);
            for (int i = 0; i < 100; i++) {
                long seq = db.write(row(i), Durability.MEMORY);
                var marks = new CompletableFuture<Watermarks>();
                assertTrue(db.whenLocal(seq, () -> marks.complete(db.watermarks())));
                assertTrue(db.whenLocal(seq, told::release));
                db.hastenLocal(seq);
                assertTrue(seq <= marks.get(30, TimeUnit.SECONDS).local());
                assertTrue(db.whenLocal(seq, told::release)); // it is: here
            }
            assertTrue(told.tryAcquire(200, 30, TimeUnit.SECONDS));
            assertFalse(told.tryAcquire());
            stalling.goOn();
        }
    }

    @Test
    void shouldTellNothingWithoutALocalLog() {
        try (HoldfastDb db = Engine.open(store, "db", Settings.defaults())) {
            assertFalse(db.whenLocal(db.write(row(1), Durability.REMOTE), () -> {}));
        }
    }

    @Test
    void shouldAcknowledgeWhileTheStoreHangs() {
        try (HoldfastDb db = open()) {
            stalling.stall();

            put(db, 0, 100);

            Watermarks marks = db.watermarks();
            assertEquals(100, marks.applied());
            assertEquals(100, marks.local());
            assertTrue(marks.remote() < 100, marks.toString());
            assertTrue(0 < status(db).exposure().bytes());
            stalling.goOn();
            db.flush();
            assertEquals(100, db.watermarks().remote());
            assertEquals(0, status(db).exposure().bytes());
            assertEquals(Duration.ZERO, status(db).exposure().age());
        }
    }

    @Test
    void shouldLeaveTheRestToTheNextStartWhenStoppedInHaste() throws InterruptedException {
        HoldfastDb db = open();
        put(db, 0, 10);
        db.flush();
        stalling.stall();
        put(db, 10, 100);
        long remote = db.watermarks().remote();

        ShutdownReport report = db.shutdown(Mode.FAST, ENOUGH);

        String json = report.toJson();
        assertTrue(json.contains("commits on the local disk alone"), json);
        stalling.goOn();
        try (HoldfastDb next = open()) {
            requireRows(next, 0, 100);
            assertEquals(100, next.watermarks().local());
            assertTrue(100 - remote >= status(next).replayed(), status(next).toString());
            next.flush();
        }
    }

    @Test
    void shouldReplayWhatOnlyTheDiskHasAgainAndAgain() {
        for (int life = 0; life < 4; life++) {
            HoldfastDb db = open();
            requireRows(db, 0, life * 50);
            stalling.stall();
            put(db, life * 50, life * 50 + 50);
            db.shutdown(Mode.FAST, ENOUGH);
            stalling.goOn();
        }
        try (HoldfastDb db = open()) {
            requireRows(db, 0, 200);
        }
    }

    @Test
    void shouldGiveSegmentsBackOnceTheyAreInTables() {
        try (HoldfastDb db = open()) {
            for (int i = 0; i < 3000; i++) db.write(row(i), Durability.MEMORY);
            db.flushMemtables();
        }
        File[] left = scratch.resolve("local").toFile().listFiles();
        assertNotNull(left);
        List<String> names = List.of(left).stream().map(File::getName).sorted().toList();
        assertEquals(List.of(), names.stream().filter(each -> each.startsWith("segment")).toList());
        try (HoldfastDb db = open()) {
            assertEquals(0, status(db).replayed());
            requireRows(db, 0, 3000);
        }
    }

    @Test
    @Tag("LOC-10")
    void shouldKeepTheTailAsideWhenAnotherWriterWasThereInBetween() {
        HoldfastDb first = open();
        put(first, 0, 10);
        first.flush();
        stalling.stall();
        put(first, 10, 20);
        first.shutdown(Mode.FAST, Duration.ofSeconds(1));
        stalling.goOn();
        Path elsewhere = scratch.resolve("other");
        assertThrows(OwnedElsewhere.class, () -> open(store, elsewhere));
        try (HoldfastDb other = builder(store, elsewhere).takeOver().open()) {
            other.write(new WriteBatch().put(key(10), Bytes.utf8("newer")), Durability.REMOTE);
        }

        try (HoldfastDb back = open()) {
            assertEquals(Bytes.utf8("newer"), back.get(key(10)));
            assertNull(back.get(key(19)));
            LocalStatus.Diverged diverged = status(back).diverged();
            assertNotNull(diverged);
            assertEquals(20, diverged.lastSeq());
            assertTrue(diverged.directory().toFile().list().length > 0);
            put(back, 20, 30);
        }
        try (HoldfastDb again = open()) {
            assertNull(status(again).diverged());
            requireRows(again, 20, 30);
        }
    }

    @Test
    @Tag("LOC-12")
    void shouldRefuseASecondOpenerOfTheDirectory() {
        try (HoldfastDb first = open()) {
            assertThrows(Unavailable.class, () -> open());

            put(first, 0, 1); // and it was not fenced
            first.flush();
        }
    }

    @Test
    void shouldRefuseTheDirectoryOfAnotherDatabase() {
        open().close();

        var elsewhere = new MemoryStore();
        assertThrows(Invalid.class, () -> open(elsewhere, scratch.resolve("local")));
    }

    @Test
    @Tag("LOC-09")
    void shouldGoOnFromTheStoreWhenTheDiskIsLost() {
        HoldfastDb db = open();
        put(db, 0, 10);
        db.flush();
        stalling.stall();
        put(db, 10, 20);
        db.shutdown(Mode.FAST, ENOUGH);
        stalling.goOn();

        Path fresh = scratch.resolve("fresh");
        assertThrows(OwnedElsewhere.class, () -> open(store, fresh));
        try (HoldfastDb next = builder(store, fresh).takeOver().open()) {
            requireRows(next, 0, 10);
            assertEquals(0, status(next).replayed());
            put(next, 10, 30);
        }
    }
}
