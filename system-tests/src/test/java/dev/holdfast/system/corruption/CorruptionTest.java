package dev.holdfast.system.corruption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.system.interop.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Flips and cuts of the files of a real database: a reader meets them with a typed error that
/// names the file, or never needs the damaged bytes; a check finds every one.
@Tag("SEC-15")
class CorruptionTest {
    private static final int FLIPS_PER_FILE = 60;
    private static final int CUTS_PER_FILE = 20;

    @TempDir Path folder;

    private final long seed = Long.getLong("corruption.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private Path database;
    private TreeMap<Bytes, Bytes> rows;

    @BeforeEach
    void write() throws IOException {
        Path live = Files.createDirectories(folder.resolve("live"));
        Settings settings =
                Settings.defaults()
                        .but()
                        .compression(Compression.ZSTD)
                        .blockSize(ByteSize.kibibytes(1))
                        .filterKeysMin(10)
                        .build();
        try (HoldfastDb db = Databases.open(live, settings)) {
            writeRows(db, 0);
            db.flushMemtables();
            writeRows(db, 1);
            db.flushMemtables();
            writeRows(db, 2);
            db.flush();
            rows = Databases.rows(db);
            database = Databases.copy(live, folder.resolve("left"));
        }
    }

    private void writeRows(HoldfastDb db, int round) {
        var batch = new WriteBatch();
        for (int i = 0; i < 200; i++)
            batch.put(Bytes.utf8("key" + i * (round + 1)), Bytes.utf8("value" + random.nextLong()));
        db.write(batch, Durability.MEMORY);
    }

    @Test
    void shouldMeetEveryFlipWithATypedError() throws IOException {
        for (Path file : liveFiles()) {
            byte[] whole = Files.readAllBytes(file);
            for (int flip = 0; flip < FLIPS_PER_FILE; flip++) {
                int at = random.nextInt(whole.length);
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 + random.nextInt(255));
                Files.write(file, flipped);
                assertMet(file, "flip at " + at);
            }
            Files.write(file, whole);
        }
        assertTrue(fsck().isSound());
    }

    @Test
    void shouldMeetEveryCutWithATypedError() throws IOException {
        for (Path file : liveFiles()) {
            byte[] whole = Files.readAllBytes(file);
            for (int cut = 0; cut < CUTS_PER_FILE; cut++) {
                int length = 1 + random.nextInt(whole.length - 1);
                Files.write(file, Arrays.copyOf(whole, length));
                assertMet(file, "cut to " + length);
            }
            Files.write(file, whole);
        }
        assertTrue(fsck().isSound());
    }

    @Test
    void shouldRefuseToWriteOnACorruptDatabase() throws IOException {
        // given
        Path manifest = liveFiles().getFirst();
        byte[] whole = Files.readAllBytes(manifest);
        whole[whole.length / 2] ^= 0x10;
        Files.write(manifest, whole);
        // when, then
        var failure =
                assertThrows(
                        StorageException.CorruptData.class,
                        () -> Databases.open(database, Settings.defaults()).close());
        assertNames(manifest, failure.getMessage());
        assertTrue(Arrays.equals(whole, Files.readAllBytes(manifest)));
    }

    private void assertMet(Path file, String how) {
        String where = "corruption.seed=" + seed + " " + database.relativize(file) + " " + how;
        try (DbReader db = Databases.openReader(database)) {
            // Filters, statistics and what the manifest repeats are not read by a scan.
            assertEquals(rows, Databases.rows(db), where);
        } catch (StorageException.CorruptData met) {
            assertNames(file, met.getMessage());
        }
        FsckReport report = fsck();
        assertFalse(report.isSound(), where);
        assertNames(file, report.problems().toString());
    }

    private static void assertNames(Path file, String message) {
        String name = file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
        String number = name.replaceFirst("^0+(?=\\d)", "");
        assertTrue(message.contains(name) || message.contains("`" + number + "`"), message);
    }

    private FsckReport fsck() {
        return Engine.fsck(ObjectStores.open(Databases.url(database), Env.system()), "");
    }

    /// The files that an opener must read whole: the latest manifest first, then tables, then the
    /// log that reached no table.
    private List<Path> liveFiles() throws IOException {
        var files = new ArrayList<Path>();
        files.add(sorted("manifest").getLast());
        files.addAll(sorted("compacted"));
        files.add(sorted("wal").getLast());
        return files;
    }

    private List<Path> sorted(String name) throws IOException {
        try (var files = Files.list(database.resolve(name))) {
            return files.sorted().toList();
        }
    }
}
