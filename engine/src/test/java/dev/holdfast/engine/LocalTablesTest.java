package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.format.local.TableList;
import dev.holdfast.format.local.TableRecord;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Memtables that become tables on the local disk while the store takes nothing.
@Timeout(180)
class LocalTablesTest {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int ROWS = 2_000;

    private final MemoryStore store = new MemoryStore();
    private final StallingStore stalling = new StallingStore(store);

    private @Nullable SegmentRules segments;

    @TempDir Path scratch;

    private static HoldfastDb open(ObjectStore on, Path directory) {
        return builder(on, directory).open();
    }

    private static EngineBuilder builder(ObjectStore on, Path directory) {
        LocalSettings local = LocalSettings.in(directory).withSegmentSize(ByteSize.kibibytes(64));
        return Engine.builder(on, "db").settings(settings()).local(local);
    }

    private static Settings settings() {
        return Settings.defaults()
                .but()
                .l0SstSize(ByteSize.kibibytes(32))
                .unflushedMax(ByteSize.kibibytes(128))
                .writeTimeout(SOON)
                .closeTimeout(Duration.ofSeconds(60))
                .build();
    }

    // So that every read is one of a file.
    // In a memory of its own: in a shared one it has the room that others leave.
    private HoldfastDb openWithoutCache() {
        Settings settings = settings().but().blockCacheSize(ByteSize.bytes(0)).build();
        return builder(stalling, local())
                .settings(settings)
                .memory(new EngineMemory(ByteSize.mebibytes(64)))
                .open();
    }

    private HoldfastDb open() {
        EngineBuilder builder = builder(stalling, local());
        return segments == null ? builder.open() : builder.segments(segments).open();
    }

    private Path local() {
        return scratch.resolve("local");
    }

    private static void put(HoldfastDb db, int from, int to) {
        for (int i = from; i < to; i++)
            db.write(new WriteBatch().put(key(i), value(i)), Durability.MEMORY);
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key %06d".formatted(number));
    }

    private static Bytes value(int number) {
        return Bytes.utf8("value " + number + "-".repeat(200));
    }

    private static void requireRows(HoldfastDb db, int from, int to) {
        for (int i = from; i < to; i++) assertEquals(value(i), db.get(key(i)), "row " + i);
        int found = 0;
        try (Scan scan = db.scan(KeyRange.all(), Order.ASCENDING)) {
            while (scan.next()) found++;
        }
        assertTrue(to - from <= found, "scanned " + found);
    }

    private static LocalStatus.Waiting waiting(HoldfastDb db) {
        LocalStatus status = db.local();
        assertNotNull(status);
        return status.waiting();
    }

    // Writers do not wait for a memtable that is flushed beside them.
    private static void awaitTable(HoldfastDb db) {
        awaitTables(db, tables -> 0 < tables);
    }

    // A table that is in the manifest waits for a moment still.
    private static void awaitNoTable(HoldfastDb db) {
        awaitTables(db, tables -> tables == 0);
    }

    private static void awaitTables(HoldfastDb db, IntPredicate wanted) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!wanted.test(waiting(db).tables())) {
            assertTrue(System.nanoTime() < deadline, waiting(db).toString());
            LockSupport.parkNanos(1_000_000);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(local())) {
            return all.filter(each -> each.toString().endsWith(".sst")).sorted().toList();
        }
    }

    // As it is left by a machine that died: its tables wait.
    private void liveThroughAnOutage() {
        HoldfastDb db = open();
        put(db, 0, 100);
        db.flush();
        stalling.stall();
        put(db, 100, ROWS);
        assertTrue(3 < waiting(db).tables(), waiting(db).toString());
        db.shutdown(Mode.FAST, Duration.ofSeconds(10));
        stalling.goOn();
    }

    @Test
    void shouldFreeMemoryAndServeReadsWhileTheStoreTakesNothing() throws IOException {
        try (HoldfastDb db = open()) {
            stalling.stall();

            put(db, 0, ROWS); // three times what memtables may hold

            assertTrue(3 < waiting(db).tables(), waiting(db).toString());
            assertTrue(db.stats().memtableBytes() < 128 << 10);
            requireRows(db, 0, ROWS);
            assertNull(db.get(key(ROWS)));
            stalling.goOn();
            db.flushMemtables();
            requireRows(db, 0, ROWS);
            awaitNoTable(db);
        }
        assertEquals(List.of(), files());
        try (HoldfastDb db = open(store, scratch.resolve("elsewhere"))) {
            requireRows(db, 0, ROWS);
        }
    }

    @Test
    void shouldHaveInMemoryWhatWasJustFlushed() {
        try (HoldfastDb db = open()) {
            stalling.stall();
            put(db, 0, ROWS);
            assertTrue(3 < waiting(db).tables(), waiting(db).toString());

            try (ReadView view = db.view()) {
                view.keepToMemory();
                for (int i = 0; i < ROWS; i++) assertEquals(value(i), view.get(key(i)), "row " + i);
                assertNull(view.get(key(ROWS)));
            }
            stalling.goOn();
        }
    }

    @Test
    void shouldFindAgainWhatTheReportOfAStopInHasteNames() {
        HoldfastDb db = open();
        stalling.stall();
        put(db, 0, ROWS);
        LocalStatus.Waiting before = waiting(db);

        ShutdownReport report = db.shutdown(Mode.FAST, Duration.ofSeconds(10));
        stalling.goOn();

        String json = report.toJson();
        assertTrue(json.contains("tables on the local disk alone"), json);
        stalling.stallNames("compacted/");
        HoldfastDb next = open();
        assertTrue(before.tables() <= waiting(next).tables(), waiting(next) + " of " + before);
        requireRows(next, 0, ROWS);
        stalling.goOn();
        next.close();
        assertEquals(0, waiting(next).tables());
    }

    @Test
    @Tag("LOC-13")
    void shouldMakeADamagedTableAnewFromTheLog() throws IOException {
        liveThroughAnOutage();
        damage(files().get(1), 100);

        try (HoldfastDb db = open()) {
            requireRows(db, 0, ROWS);
        }
        try (HoldfastDb db = open(store, scratch.resolve("elsewhere"))) {
            requireRows(db, 0, ROWS);
        }
    }

    @Test
    @Tag("planted")
    void shouldBringBackAWholeMemtableWhereOneOfItsTablesIsDamaged() throws IOException {
        segments = SegmentRules.by(PrefixExtractor.fixed(9)); // ten rows each
        liveThroughAnOutage();
        List<TableRecord> records =
                TableList.decode(Bytes.wrap(Files.readAllBytes(local().resolve("tables"))))
                        .records();
        int last = 0;
        while (records.get(last).following() != 0) last++;
        assertTrue(1 < last, "tables of the first memtable: " + (last + 1));
        damage(local().resolve("table-" + records.get(last).id() + ".sst"), 100);

        try (HoldfastDb db = open()) {
            requireRows(db, 0, ROWS);
        }
        try (HoldfastDb db = open(store, scratch.resolve("elsewhere"))) {
            requireRows(db, 0, ROWS);
        }
    }

    @Test
    @Tag("LOC-13")
    void shouldDoWithoutAListThatIsDamaged() throws IOException {
        liveThroughAnOutage();
        damage(local().resolve("tables"), 60);

        try (HoldfastDb db = open()) {
            requireRows(db, 0, ROWS);
        }
        assertEquals(List.of(), files());
    }

    // A table is on the disk a moment before reads leave its memtable for it.
    private static void awaitCorruptData(HoldfastDb db) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                requireRows(db, 0, ROWS);
            } catch (CorruptData _) {
                return;
            }
            assertTrue(System.nanoTime() < deadline, "damage that nobody told of");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void damage(Path file, int at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[at] ^= 0x40;
        Files.write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
    }

    @Test
    @Tag("LOC-10")
    void shouldKeepTablesAsideWhenAnotherWriterWasThereInBetween() throws IOException {
        liveThroughAnOutage();
        int tables = files().size();
        try (HoldfastDb other = builder(store, scratch.resolve("other")).takeOver().open()) {
            other.write(new WriteBatch().put(key(150), Bytes.utf8("newer")), Durability.REMOTE);
        }

        try (HoldfastDb back = open()) {
            assertEquals(Bytes.utf8("newer"), back.get(key(150)));
            assertNull(back.get(key(ROWS - 1)));
            LocalStatus status = back.local();
            assertNotNull(status);
            LocalStatus.Diverged diverged = status.diverged();
            assertNotNull(diverged);
            try (Stream<Path> aside = Files.list(diverged.directory())) {
                assertEquals(
                        tables + 1, // and their list
                        aside.filter(each -> each.getFileName().toString().startsWith("table"))
                                .count());
            }
        }
    }

    @Test
    @Tag("LOC-13")
    void shouldTellWhatIsDamagedAndNowhereElse() throws IOException {
        HoldfastDb db = openWithoutCache();
        stalling.stall();
        put(db, 0, ROWS);
        awaitTable(db);
        for (Path file : files()) damage(file, 100);

        awaitCorruptData(db);

        db.shutdown(Mode.FAST, Duration.ofSeconds(10));
        stalling.goOn();
        try (HoldfastDb next = open()) {
            requireRows(next, 0, ROWS);
        }
    }
}
