package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.UnkindStore.Mood;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What of a local log goes to the store, when, and what a store does that does not take it.
@Timeout(120)
class ShippingTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration THREE_SECONDS = Duration.ofSeconds(3); // waited for in vain
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final int VALUE_BYTES = 100;
    private static final ReaderSettings QUICK =
            ReaderSettings.latest().withPolls(Duration.ofMillis(1), Duration.ofMillis(5));

    private final MemoryStore inner = new MemoryStore();
    private final UnkindStore store = new UnkindStore(inner);

    @TempDir Path scratch;

    private LocalSettings local() {
        return LocalSettings.in(scratch.resolve("local")).withSegmentSize(ByteSize.kibibytes(64));
    }

    private HoldfastDb open(LocalSettings local, Duration writeTimeout) {
        return open(local, writeTimeout, ByteSize.mebibytes(64));
    }

    private HoldfastDb open(LocalSettings local, Duration writeTimeout, ByteSize l0SstSize) {
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(l0SstSize)
                        .writeTimeout(writeTimeout)
                        .closeTimeout(TEN_SECONDS)
                        .build();
        return Engine.builder(store, "db").settings(settings).local(local).open();
    }

    private HoldfastDb open() {
        return open(local(), TEN_SECONDS);
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key " + number);
    }

    private static WriteBatch row(int number) {
        return new WriteBatch().put(key(number), Bytes.utf8("v".repeat(VALUE_BYTES) + number));
    }

    private static void put(HoldfastDb db, int from, int to) {
        for (int i = from; i < to; i++) db.write(row(i), Durability.LOCAL);
    }

    private static void requireRows(HoldfastDb db, int from, int to) {
        for (int i = from; i < to; i++) assertNotNull(db.get(key(i)), "row " + i);
    }

    private static LocalStatus status(HoldfastDb db) {
        LocalStatus status = db.local();
        assertNotNull(status);
        return status;
    }

    private long walObjects() {
        return inner.list("db/wal/", null, ObjectStore.LIST_LIMIT_MAX).size();
    }

    // What a report says remains, in commits and in bytes of their rows.
    private record Remains(long commits, long bytes) {
        static Remains in(ShutdownReport report) {
            String json = report.toJson();
            return new Remains(
                    count(json, "commits on the local disk alone"),
                    count(json, "bytes on the local disk alone"));
        }

        private static long count(String json, String what) {
            Matcher found = Pattern.compile("\"(\\d+) " + what + "\"").matcher(json);
            return found.find() ? Long.parseLong(found.group(1)) : 0;
        }
    }

    @Test
    void shouldPutCommitsByAgeAndTogether() throws InterruptedException {
        try (HoldfastDb db = open(local().withShipInterval(SECOND), Duration.ofSeconds(10))) {
            put(db, 0, 100);
            long before = walObjects();
            assertTrue(db.watermarks().remote() < 100);

            db.awaitDurable(100, Durability.LOCAL, SECOND);
            await(() -> db.watermarks().remote() == 100);

            assertTrue(walObjects() - before <= 2, "objects: " + (walObjects() - before));
        }
    }

    @Test
    void shouldPutAtOnceWhatSomebodyWaitsForAtRemote() {
        try (HoldfastDb db =
                open(local().withShipInterval(Duration.ofMinutes(10)), Duration.ofSeconds(10))) {
            put(db, 0, 10);
            db.write(row(10), Durability.REMOTE);
            assertEquals(11, db.watermarks().remote());
            assertEquals(0, status(db).exposure().bytes());
        }
    }

    @Test
    void shouldNeverPutCommitsThatPublishedTablesHold() throws InterruptedException {
        LocalSettings slow = local().withShipInterval(Duration.ofMinutes(10));
        try (HoldfastDb db = open(slow, TEN_SECONDS)) {
            long before = walObjects();
            for (int round = 0; round < 5; round++) {
                put(db, 200 * round, 200 * round + 200);
                db.flushMemtables();
                await(() -> db.watermarks().remote() == db.watermarks().applied());
            }
            put(db, 1000, 1010);
            assertEquals(before, walObjects());
            assertEquals(1000, status(db).commitsElided());
            db.flush(); // ten commits behind a gap of a thousand
            assertEquals(before + 1, walObjects());
        }
        inner.list("db/wal/", null, 1000).forEach(each -> assertNotNull(inner.get(each.name())));
        try (HoldfastDb db = open()) {
            requireRows(db, 0, 1010);
        }
    }

    @Test
    @Tag("upload-log")
    void shouldKeepCommitsInTheLogUntilAManifestNamesTheirTables() {
        HoldfastDb db = open(local(), SECOND, ByteSize.kibibytes(32));
        store.become(Mood.HANGS);

        put(db, 0, 1000); // several memtables

        assertEquals(0, db.watermarks().remote());
        assertEquals(0, status(db).commitsElided());
        db.shutdown(Mode.FAST, LONG);
    }

    @Test
    void shouldShowReadersNoGapWhileTheLogSkipsWhatTablesHold() throws Exception {
        LocalSettings slow = local().withShipInterval(Duration.ofMinutes(10));
        try (HoldfastDb db = open(slow, TEN_SECONDS);
                HoldfastReader reader = Engine.openReader(store, "db", QUICK)) {
            int written = 0;
            for (int round = 0; round < 10; round++) {
                put(db, written, written + 50);
                written += 50;
                if (round % 2 == 0) db.flushMemtables();
                else db.flush();
                reader.awaitSeq(written, Duration.ofSeconds(10));
                requireRows(db, 0, written);
                for (int i = 0; i < written; i++) assertNotNull(reader.get(key(i)), "row " + i);
            }
        }
    }

    @Test
    @Tag("LOC-08")
    void shouldTakeItsOwnObjectsForItsOwnWhenAnswersAreLost() {
        try (HoldfastDb db = open()) {
            store.become(Mood.LOSES_ANSWERS);
            for (int i = 0; i < 20; i++) db.write(row(i), Durability.REMOTE);
            store.become(Mood.KIND);
        }
        try (HoldfastDb db = open()) {
            requireRows(db, 0, 20);
        }
    }

    @Test
    @Tag("LOC-08")
    void shouldShipAgainWhatMayHaveBeenShippedBeforeAStop() {
        HoldfastDb db = open(local().withShipInterval(Duration.ofMillis(1)), TEN_SECONDS);
        store.become(Mood.DRIPS); // it is there, and the writer has left before the answer
        put(db, 0, 50);
        db.shutdown(Mode.FAST, LONG);
        store.become(Mood.KIND);

        try (HoldfastDb next = open()) {
            next.flush();
            requireRows(next, 0, 50);
            assertEquals(50, next.watermarks().remote());
        }
    }

    @Test
    void shouldTellWhoWaitsAtOnceWhenTheStoreRefuses() {
        try (HoldfastDb db = open(local(), LONG)) {
            store.become(Mood.REFUSES);
            put(db, 0, 10);

            long before = System.nanoTime();
            var told = assertThrows(Unavailable.class, () -> db.write(row(10), Durability.REMOTE));

            assertTrue(System.nanoTime() - before < LONG.toNanos() / 2);
            assertEquals("no such bucket", told.getCause().getMessage());
            assertEquals("no such bucket", status(db).uploads().parkedWhy());
            put(db, 11, 20); // the local log goes on
            int probes = store.puts();
            assertTrue(probes < 20, "probes: " + probes);
            store.become(Mood.KIND);
            await(() -> db.watermarks().remote() == 20);
            assertEquals("", status(db).uploads().parkedWhy());
        }
    }

    @Test
    @Tag("LOC-11")
    void shouldHoldWritersUpAtTheLimitAndDrainInOrder() throws InterruptedException {
        LocalSettings tiny = local().withUnshippedMax(ByteSize.kibibytes(16), Duration.ZERO);
        HoldfastDb db = open(tiny, THREE_SECONDS);
        store.become(Mood.HANGS);
        var refused =
                assertThrows(
                        Unavailable.class,
                        () -> {
                            for (int i = 0; i < 10_000; i++) db.write(row(i), Durability.MEMORY);
                        });

        assertTrue(refused.getMessage().startsWith("backpressure"), refused.getMessage());
        long applied = db.watermarks().applied();
        long limit = 16 << 10;
        assertTrue(status(db).exposure().bytes() < limit + 2 * VALUE_BYTES, "one more at most");
        assertTrue(0 < status(db).heldUp().slowed(), status(db).heldUp().toString());
        assertTrue(0 < status(db).heldUp().stopped(), status(db).heldUp().toString());
        assertThrows(Unavailable.class, () -> db.write(row(0), Durability.MEMORY));
        assertEquals(applied, db.watermarks().applied());

        store.become(Mood.KIND);
        long remote = db.watermarks().remote();
        while (remote < applied) {
            long now = db.watermarks().remote();
            assertTrue(remote <= now);
            remote = now;
            TimeUnit.MILLISECONDS.sleep(1);
        }
        for (int i = (int) applied; i < applied + 10; i++) db.write(row(i), Durability.MEMORY);
        db.shutdown(Mode.SMART, LONG);
        try (HoldfastDb next = open()) {
            requireRows(next, 0, (int) applied + 10);
        }
    }

    @Test
    @Tag("LOC-11")
    void shouldHoldWritersUpWhenTheOldestIsTooOld() throws InterruptedException {
        LocalSettings young = local().withUnshippedMax(ByteSize.gibibytes(1), SECOND);
        try (HoldfastDb db = open(young, THREE_SECONDS)) {
            store.become(Mood.HANGS);
            put(db, 0, 1);
            await(() -> SECOND.compareTo(status(db).exposure().age()) < 0);

            assertThrows(Unavailable.class, () -> db.write(row(1), Durability.MEMORY));

            store.become(Mood.KIND);
            await(() -> status(db).exposure().bytes() == 0);
            put(db, 1, 10);
        }
    }

    @ParameterizedTest
    @EnumSource(Mood.class)
    void shouldStopInHasteWhateverTheStoreDoes(Mood mood) {
        HoldfastDb db = open(local().withShipInterval(Duration.ofMillis(20)), TEN_SECONDS);
        put(db, 0, 50);
        store.become(mood);
        for (int i = 50; i < 3000; i++) db.write(row(i), Durability.MEMORY);

        long before = System.nanoTime();
        ShutdownReport report = db.shutdown(Mode.FAST, LONG);
        Duration took = Duration.ofNanos(System.nanoTime() - before);

        assertTrue(took.compareTo(LONG.dividedBy(2)) < 0, mood + " " + took);
        requireRemainderComesBack(Remains.in(report), mood, 3000);
    }

    // Nothing new can be shipped while the next one opens: what it has to ship is what was left.
    private void requireRemainderComesBack(Remains left, Mood mood, int rows) {
        store.become(Mood.TAKES_NO_TABLES);
        LocalSettings slow = local().withShipInterval(Duration.ofMinutes(10));
        try (HoldfastDb next = open(slow, TEN_SECONDS)) {
            var back = new Remains(status(next).replayed(), status(next).exposure().bytes());
            boolean isExact =
                    switch (mood) {
                        case HANGS, REFUSES, FAILS -> true;
                        // What was under way may have landed after the report.
                        case KIND, DRIPS, LOSES_ANSWERS, TAKES_NO_TABLES -> false;
                    };
            if (isExact) assertEquals(left, back);
            assertTrue(back.commits() <= left.commits(), left + " " + back);
            assertTrue(back.bytes() <= left.bytes(), left + " " + back);
            requireRows(next, 0, rows);
            store.become(Mood.KIND);
        }
    }

    private interface Check {
        boolean holds();
    }

    private static void await(Check check) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!check.holds()) {
            assertTrue(System.nanoTime() < deadline, "it never comes true");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
