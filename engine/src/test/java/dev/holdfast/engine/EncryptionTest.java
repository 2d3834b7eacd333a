package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.engine.api.upkeep.KeyUse;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A database whose tables, logs and local files are encrypted.
@Timeout(120)
class EncryptionTest {
    private static final String SECRET = "plaintext-of-a-value";
    private static final int ROWS = 300;

    private final MemoryStore store = new MemoryStore();

    @TempDir Path scratch;

    static byte[] key(int fill) {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private static final KeyRing FIRST = KeyRing.of(1, key(1));
    private static final KeyRing BOTH = FIRST.with(2, key(2)).sealingWith(2);
    private static final KeyRing SECOND = KeyRing.of(2, key(2));

    private static Settings settings(KeyRing keys) {
        return Settings.defaults()
                .but()
                .untended()
                .flushInterval(Duration.ofMinutes(10))
                .blockSize(ByteSize.bytes(256))
                .filterKeysMin(1)
                .keys(keys)
                .build();
    }

    private EngineBuilder at(KeyRing keys) {
        return Engine.builder(store, "db").settings(settings(keys));
    }

    private EngineBuilder local(KeyRing keys) {
        var directory = LocalSettings.in(scratch.resolve("local"));
        return at(keys).local(directory.withSegmentSize(ByteSize.kibibytes(256)));
    }

    private static Bytes keyOf(int row) {
        return Bytes.utf8("key-%04d".formatted(row));
    }

    private static Bytes valueOf(int row) {
        return Bytes.utf8(SECRET + row);
    }

    private static void fill(HoldfastDb db, int from, int to) {
        for (int row = from; row < to; row += 10) {
            var batch = new WriteBatch();
            for (int i = row; i < row + 10; i++) batch.put(keyOf(i), valueOf(i));
            db.write(batch, Durability.MEMORY);
        }
    }

    private static void assertWhole(dev.holdfast.engine.api.Reads db, int rows) {
        var expected = new TreeMap<String, String>();
        for (int row = 0; row < rows; row++)
            expected.put(keyOf(row).toUtf8(), valueOf(row).toUtf8());
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        assertEquals(expected, found);
        assertEquals(valueOf(7), db.get(keyOf(7)));
    }

    private List<String> names() {
        return store.list("", null, ObjectStore.LIST_LIMIT_MAX).stream()
                .map(ObjectMeta::name)
                .toList();
    }

    private static boolean holds(byte[] content, String text) {
        return new String(content, StandardCharsets.ISO_8859_1).contains(text);
    }

    // Every name whose bytes hold `text`, in the store and on the disk.
    private List<String> placesOf(String text) throws IOException {
        var places = new ArrayList<String>();
        for (String name : names()) if (holds(store.get(name).toArray(), text)) places.add(name);
        if (!Files.exists(scratch.resolve("local"))) return places;
        places.addAll(filesWith(text));
        return places;
    }

    // From the start again where a file has another name by the time it is read.
    private List<String> filesWith(String text) throws IOException {
        while (true) {
            var found = new ArrayList<String>();
            try (var files = Files.walk(scratch.resolve("local"))) {
                for (Path file : files.filter(Files::isRegularFile).toList())
                    if (holds(Files.readAllBytes(file), text)) found.add(file.toString());
                return found;
            } catch (NoSuchFileException | UncheckedIOException _) {
                assertTrue(Files.exists(scratch.resolve("local")), "no local directory");
            }
        }
    }

    @Test
    void shouldHoldNoValueInClearAnywhereInTheBucketOrOnTheLocalDisk() throws IOException {
        try (HoldfastDb db = local(FIRST).open()) {
            fill(db, 0, 100);
            db.flushMemtables();
            fill(db, 100, 200);
            db.awaitDurable(db.watermarks().applied(), Durability.LOCAL, Duration.ofSeconds(20));
            // the local log, the local tables
            assertEquals(List.of(), placesOf(SECRET));
            db.flush();
            assertWhole(db, 200);
            assertEquals(List.of(), placesOf(SECRET));
            fill(db, 200, ROWS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        assertEquals(List.of(), placesOf(SECRET));
        compact(FIRST);
        assertEquals(List.of(), placesOf(SECRET));
        // what stays in clear: the first and the last key of each table
        assertEquals(List.of(), placesOf("key-0150"));
        assertEquals(
                List.of(),
                placesOf("key-0000").stream().filter(name -> !mayTellKeys(name)).toList());
        try (var db = at(FIRST).openReader()) {
            assertWhole(db, ROWS);
        }
        assertTrue(at(FIRST).fsck().isSound());
    }

    @Test
    void shouldHoldNoValueOfSegmentsInClearNeitherOnTheDiskWhileTheStoreTakesNothing()
            throws IOException, InterruptedException {
        var stalling = new StallingStore(store);
        var directory = LocalSettings.in(scratch.resolve("local"));
        Settings small = settings(FIRST).but().l0SstSize(ByteSize.kibibytes(8)).build();
        EngineBuilder builder =
                Engine.builder(stalling, "db")
                        .settings(small)
                        .segments(SegmentRules.by(PrefixExtractor.fixed(6))) // hundreds of rows
                        .local(directory.withSegmentSize(ByteSize.kibibytes(256)));
        try (HoldfastDb db = builder.open()) {
            fill(db, 0, 100);
            db.flush();
            stalling.stall();
            fill(db, 100, ROWS);
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (tablesOnDisk().size() < 3 && System.nanoTime() < end) Thread.onSpinWait();
            assertTrue(2 < tablesOnDisk().size(), "tables on the disk");
            assertEquals(List.of(), placesOf(SECRET));
            assertWhole(db, ROWS);
            stalling.goOn();
            db.flushMemtables();
            try (Db.Ingest ingest = db.ingest(Db.Ingest.Options.defaults())) {
                for (int row = 50; row < ROWS; row += 50) ingest.put(keyOf(row), valueOf(row));
                ingest.commit();
            }
            assertWhole(db, ROWS);
        }
        assertEquals(List.of(), placesOf(SECRET));
        compact(FIRST);
        assertEquals(List.of(), placesOf(SECRET));
        assertThrows(Invalid.class, () -> assertWhole(at(SECOND).openReader(), ROWS));
        try (var db = at(FIRST).openReader()) {
            assertWhole(db, ROWS);
        }
        assertTrue(at(FIRST).fsck().isSound());
    }

    private List<Path> tablesOnDisk() throws IOException {
        try (var files = Files.list(scratch.resolve("local"))) {
            return files.filter(file -> file.toString().endsWith(".sst")).toList();
        }
    }

    private static boolean mayTellKeys(String name) {
        return List.of("manifest", "compact", ".sst", "/cache/").stream().anyMatch(name::contains);
    }

    /// So that the search above is known to find something.
    @Test
    void shouldHoldEveryValueInClearWithoutKeys() throws IOException {
        try (HoldfastDb db = local(KeyRing.none()).open()) {
            fill(db, 0, 100);
            db.flushMemtables();
        }
        assertFalse(placesOf(SECRET).isEmpty());
    }

    @Test
    void shouldNameTheKeyThatIsMissingOrWrong() {
        try (HoldfastDb db = at(FIRST).open()) {
            fill(db, 0, 100);
            db.flushMemtables();
            fill(db, 100, ROWS);
            db.flush();
            db.shutdown(Mode.IMMEDIATE, Duration.ofSeconds(1));
        }
        var none = assertThrows(Invalid.class, () -> at(KeyRing.none()).open());
        assertTrue(none.getMessage().contains("no key was given"), none::getMessage);
        var other = assertThrows(Invalid.class, () -> at(SECOND).openReader().close());
        assertTrue(other.getMessage().contains("needed=`1`"), other::getMessage);
        var wrong = assertThrows(Invalid.class, () -> at(KeyRing.of(1, key(9))).openReader());
        assertTrue(wrong.getMessage().contains("another key"), wrong::getMessage);
        assertThrows(Invalid.class, () -> at(SECOND).fsck());
        try (HoldfastDb db = at(FIRST).open()) {
            assertWhole(db, ROWS);
        }
    }

    @Test
    void shouldNotTakeALocalLogForTornWhenItsKeyIsMissing() {
        HoldfastDb first = local(FIRST).open();
        first.write(new WriteBatch().put(keyOf(0), valueOf(0)), Durability.REMOTE);
        first.write(new WriteBatch().put(keyOf(1), valueOf(1)), Durability.LOCAL);
        first.shutdown(Mode.FAST, Duration.ofSeconds(1));

        assertThrows(Invalid.class, () -> local(KeyRing.of(3, key(3))).open());
        assertThrows(Invalid.class, () -> local(KeyRing.none()).open());

        try (HoldfastDb db = local(FIRST).open()) {
            assertEquals(valueOf(1), db.get(keyOf(1)));
        }
    }

    @Test
    void shouldReadWhatWasInClearUnlessToldToRefuseIt() {
        try (HoldfastDb db = at(KeyRing.none()).open()) {
            fill(db, 0, 100);
            db.flushMemtables();
        }
        try (HoldfastDb db = at(FIRST).open()) {
            assertWhole(db, 100);
            fill(db, 100, ROWS);
        }
        assertEquals(2, at(FIRST).keysInUse().size());
        KeyRing strict = FIRST.clear(KeyRing.Clear.REFUSE);
        try (var db = at(strict).openReader()) {
            assertThrows(CorruptData.class, () -> db.get(keyOf(7)));
        }
        compact(FIRST);
        try (var db = at(strict).openReader()) {
            assertWhole(db, ROWS);
        }
    }

    @Test
    void shouldRotateUnderLoad() throws InterruptedException {
        try (HoldfastDb db = at(FIRST).open()) {
            fill(db, 0, 100);
            db.flushMemtables();
        }
        assertEquals(Map.of(1, 1L), tablesByKey());
        CompactionSettings eager = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings rotating = settings(BOTH).but().compaction(eager).build();
        try (HoldfastDb db = Engine.builder(store, "db").settings(rotating).open();
                var reader =
                        Engine.builder(store, "db")
                                .settings(settings(BOTH))
                                .openReader(ReaderSettings.latest())) {
            for (int from = 100; from < ROWS; from += 20) {
                fill(db, from, from + 20);
                db.flushMemtables();
                assertWhole(db, from + 20);
                reader.awaitSeq(db.watermarks().remote(), Duration.ofSeconds(20));
                assertWhole(reader, from + 20);
            }
        }
        compact(BOTH);
        Engine.collect(store, "db", new CollectionRules(Duration.ZERO, Sweep.REMOVE));
        // what a checkpoint keeps of old tables goes with it
        for (KeyUse use : at(FIRST).keysInUse())
            if (use.keyId() == 1) assertEquals(new KeyUse(1, 0, 0, 0, use.kept()), use);
        assertTrue(1 <= tablesByKey().get(2));
        try (HoldfastDb db = at(SECOND).open()) {
            assertWhole(db, ROWS);
        }
    }

    private Map<Integer, Long> tablesByKey() {
        return at(FIRST).keysInUse().stream()
                .collect(Collectors.toMap(KeyUse::keyId, KeyUse::tables));
    }

    private void compact(KeyRing keys) {
        var everything = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings how = settings(keys).but().compaction(everything).build();
        try (var compactor = Engine.compactor(store, "db", how)) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(30));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void shouldCopyAnEncryptedDatabaseAsItIs() {
        try (HoldfastDb db = at(FIRST).open()) {
            fill(db, 0, 100);
            db.flushMemtables();
            fill(db, 100, ROWS);
            db.flush();
            var vault = new MemoryStore();
            at(FIRST).backup(vault, "copy");
            assertThrows(Invalid.class, () -> at(SECOND).backup(new MemoryStore(), "copy"));
            try (var copy = Engine.builder(vault, "copy").settings(settings(FIRST)).openReader()) {
                assertWhole(copy, ROWS);
            }
        }
    }

    @Test
    void shouldTellNothingOfKeys() {
        String ring = BOTH.toString() + settings(BOTH);

        assertFalse(ring.contains("0101") || ring.contains("AQEB"), ring);
        for (String bad : List.of("", "1", "x y", "1 " + "0g".repeat(32), "0 " + "00".repeat(32))) {
            var refused = assertThrows(IllegalArgumentException.class, () -> KeyRing.parse(bad));
            assertFalse(refused.getMessage().contains("0g0g"), refused::getMessage);
        }
        KeyRing parsed = KeyRing.parse("# keys\n2 " + "02".repeat(32) + "\n\n1 " + "01".repeat(32));
        assertEquals(BOTH.toString(), parsed.toString());
        assertEquals(BOTH.key(1), parsed.key(1));
    }
}
