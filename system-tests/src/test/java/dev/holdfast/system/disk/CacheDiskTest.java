package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.cached.CachedStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The disk cache on a disk whose files are damaged, that fills up, fails, or loses power: what it
/// serves is what the store has.
@Tag("loop-disk")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CacheDiskTest {
    private static final int PART = 64 << 10;
    private static final int PARTS = 24;
    private static final String NAME = "compacted/table.sst";

    @TempDir Path folder;

    private final MemoryStore store = new MemoryStore();
    private final byte[] content = new byte[PARTS * PART];

    private CachedStore open(Path directory) {
        if (store.head(NAME) == null) {
            new Random(5).nextBytes(content);
            store.put(NAME, List.of(Bytes.wrap(content)));
        }
        var settings =
                new DiskCacheSettings(
                        directory, ByteSize.mebibytes(64), ByteSize.bytes(PART), ByteSize.bytes(0));
        return new CachedStore(
                store, name -> name.endsWith(".sst"), settings, Disk.system(), Env.system());
    }

    private void assertServesAll(CachedStore cache) {
        for (int part = 0; part < PARTS; part++) {
            int from = part * PART + 17;
            assertEquals(
                    Bytes.copyOf(content, from, PART - 40),
                    cache.get(NAME, from, PART - 40),
                    "part " + part);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return new ArrayList<>(
                    files.filter(file -> 4096 < file.toFile().length()).sorted().toList());
        }
    }

    /// What can be wrong with a file.
    private enum Damage {
        FLIPPED,
        CUT,
        ZEROED,
        SWAPPED
    }

    @Test
    @Tag("CAC-01")
    void shouldFetchAgainWhatIsDamagedOnTheDisk() throws IOException {
        try (LoopDisk disk = LoopDisk.assume(folder, "disk", 48, "mkfs.ext4", "-q", "-F")) {
            Path directory = disk.root().resolve("cache");
            for (Damage damage : Damage.values()) {
                // given
                try (CachedStore cache = open(directory)) {
                    assertServesAll(cache);
                }
                List<Path> files = files(directory);
                assertEquals(PARTS, files.size(), damage.toString());
                // when: a quarter of them, and none is still in memory
                for (int i = 0; i < PARTS; i += 4) damage(damage, files.get(i), files.get(i + 1));
                disk.mountAgain();
                // then
                try (CachedStore cache = open(directory)) {
                    assertServesAll(cache);
                    long damaged = cache.cacheFigures().damaged();
                    long expected = damage == Damage.SWAPPED ? PARTS / 2 : PARTS / 4;
                    assertEquals(expected, damaged, damage.toString());
                }
            }
        }
    }

    private static void damage(Damage damage, Path file, Path other) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case FLIPPED -> {
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
            case CUT -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 4097));
            case ZEROED -> {
                Arrays.fill(bytes, 4096, bytes.length, (byte) 0);
                Files.write(file, bytes);
            }
            case SWAPPED -> {
                Path aside = file.resolveSibling("aside");
                Files.move(file, aside);
                Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
                Files.move(aside, other);
            }
        }
    }

    @Test
    @Tag("CAC-02")
    void shouldServeWithoutTheDiskWhenItIsFull() throws IOException {
        // a disk that holds a few parts, and one that has room and no more inodes
        for (List<String> maker :
                List.of(
                        List.of("mkfs.ext4", "-q", "-F", "-O", "^has_journal"),
                        List.of("mkfs.ext4", "-q", "-F", "-N", "24"))) {
            int mebibytes = maker.contains("-N") ? 16 : 1;
            String name = "disk" + mebibytes;
            try (LoopDisk disk =
                            LoopDisk.assume(folder, name, mebibytes, maker.toArray(String[]::new));
                    CachedStore cache = open(disk.root().resolve("cache"))) {
                assertServesAll(cache);
                assertServesAll(cache);
                CachingStore.Figures stats = cache.cacheFigures();
                assertTrue(stats.bytes() < PARTS * (long) PART, maker + ": " + stats);
                if (maker.contains("-N")) assertTrue(0 < stats.failures(), "it never failed");
            }
        }
    }

    @Test
    @Tag("CAC-02")
    void shouldServeWithoutTheDiskWhenItFailsOrIsGone() throws IOException {
        try (LoopDisk disk = LoopDisk.assume(folder, "disk", 48, "mkfs.ext4", "-q", "-F")) {
            Path directory = disk.root().resolve("cache");
            try (CachedStore cache = open(directory)) {
                assertServesAll(cache);
            }
            // when: it can be read, and not written
            disk.makeReadOnly();
            try (CachedStore cache = open(directory)) {
                assertServesAll(cache);
            }
            disk.mountAgain();
            // when: its directory goes
            try (CachedStore cache = open(directory)) {
                assertServesAll(cache);
                for (Path file : files(directory)) Files.delete(file);
                Files.delete(directory.resolve("LOCK"));
                Files.delete(directory);
                assertServesAll(cache);
                assertTrue(0 < cache.cacheFigures().failures(), cache.cacheFigures().toString());
            }
            try (CachedStore cache = open(directory)) {
                assertServesAll(cache);
            }
            // when: its sectors cannot be read
            disk.mountAgain();
            try (CachedStore cache = open(directory)) {
                disk.breakFrom(2);
                assertServesAll(cache);
                assertTrue(0 < cache.cacheFigures().failures(), cache.cacheFigures().toString());
            }
        }
    }

    @Test
    @Tag("CAC-03")
    void shouldServeNothingPartialAfterThePowerWasCut() throws Exception {
        // given: an image that can be copied in an instant
        try (LoopDisk around =
                        LoopDisk.assume(
                                folder, "around", 512, "mkfs.xfs", "-q", "-m", "reflink=1");
                LoopDisk disk =
                        LoopDisk.assume(around.root(), "disk", 64, "mkfs.ext4", "-q", "-F")) {
            var cuts = new ArrayList<Path>();
            for (int round = 0; round < 4; round++) {
                Path directory = disk.root().resolve("cache" + round);
                try (CachedStore cache = open(directory)) {
                    // when: power is cut while it writes
                    Thread reader = Thread.ofPlatform().start(() -> assertServesAll(cache));
                    if (round % 2 == 1) Tools.run(folder, List.of("sync", "-f", "" + disk.root()));
                    Path cut = around.root().resolve("cut" + round + ".img");
                    var command = List.of("cp", "--reflink=always", "" + disk.image(), "" + cut);
                    var copied = Tools.run(folder, command);
                    assertEquals(0, copied.code(), copied.err());
                    cuts.add(cut);
                    reader.join();
                }
            }
            // then
            for (Path cut : cuts) {
                try (LoopDisk after = LoopDisk.of(cut, folder.resolve("after"))) {
                    for (int round = 0; round < cuts.size(); round++) {
                        try (CachedStore cache = open(after.root().resolve("cache" + round))) {
                            assertServesAll(cache);
                            assertServesAll(cache);
                        }
                    }
                }
            }
        }
    }
}
