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
    private static final int SLOT = 4096 + PART;
    private static final String OTHER = "compacted/other.sst";
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
        var cache =
                new CachedStore(
                        store,
                        name -> name.endsWith(".sst"),
                        settings,
                        Disk.system(),
                        Env.system());
        cache.openCache();
        return cache;
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

    private static Path slab(Path directory) {
        return directory.resolve("slab-0");
    }

    /// What can be wrong with a quarter of the slots.
    private enum Damage {
        FLIPPED,
        ZEROED,
        COPIED
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
                assertEquals(PARTS, Files.size(slab(directory)) / SLOT, damage.toString());
                // when: a quarter of them, and none is still in memory
                for (int i = 0; i < PARTS; i += 4) damage(damage, slab(directory), i);
                disk.mountAgain();
                // then
                try (CachedStore cache = open(directory)) {
                    assertServesAll(cache);
                    long damaged = cache.cacheFigures().damaged();
                    assertEquals(PARTS / 4, damaged, damage.toString());
                }
            }
        }
    }

    @Test
    @Tag("CAC-01")
    void shouldFetchAgainWhatIsCutOff() throws IOException {
        try (LoopDisk disk = LoopDisk.assume(folder, "disk", 48, "mkfs.ext4", "-q", "-F")) {
            for (String file : List.of("slab-0", "INDEX")) {
                Path directory = disk.root().resolve("cache");
                try (CachedStore cache = open(directory)) {
                    assertServesAll(cache);
                }
                Path cut = directory.resolve(file);
                Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 5000));
                disk.mountAgain();
                try (CachedStore cache = open(directory)) {
                    assertServesAll(cache);
                    assertServesAll(cache);
                    assertTrue(0 < cache.cacheFigures().misses(), file);
                }
            }
        }
    }

    private static void damage(Damage damage, Path slab, int slot) throws IOException {
        byte[] bytes = Files.readAllBytes(slab);
        int start = slot * SLOT;
        switch (damage) {
            case FLIPPED -> bytes[start + SLOT / 2] ^= 1;
            case ZEROED -> Arrays.fill(bytes, start + 4096, start + SLOT, (byte) 0);
            case COPIED -> System.arraycopy(bytes, start + SLOT, bytes, start, SLOT);
        }
        Files.write(slab, bytes);
    }

    @Test
    @Tag("CAC-02")
    void shouldServeWithoutTheDiskWhenItIsFull() throws IOException {
        try (LoopDisk disk =
                        LoopDisk.assume(
                                folder, "disk", 1, "mkfs.ext4", "-q", "-F", "-O", "^has_journal");
                CachedStore cache = open(disk.root().resolve("cache"))) {
            assertServesAll(cache);
            assertServesAll(cache);
            CachingStore.Figures stats = cache.cacheFigures();
            assertTrue(stats.bytes() < PARTS * (long) PART, stats.toString());
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
                for (String file : List.of("slab-0", "INDEX", "LOCK"))
                    Files.delete(directory.resolve(file));
                Files.delete(directory);
                assertServesAll(cache); // its files are still open
                store.put(OTHER, List.of(Bytes.wrap(content)));
                cache.get(OTHER, 0, PART);
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
