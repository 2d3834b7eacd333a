package dev.holdfast.objectstore.cached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.objectstore.ObjectStoreContract;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachedStoreTest {
    private static final int PART = 32 << 10;
    private static final String NAME = "db/compacted/table.sst";
    private static final int HEADER = PartHeader.BYTES;

    @TempDir private Path directory;
    private final CountingStore inner = new CountingStore();
    private final List<CachedStore> opened = new ArrayList<>();
    private byte[] content = new byte[0];

    @BeforeEach
    void fill() {
        content = new byte[5 * PART + 1000];
        new Random(7).nextBytes(content);
        inner.put(NAME, List.of(Bytes.wrap(content)));
    }

    @AfterEach
    void close() {
        opened.forEach(CachedStore::close);
    }

    private CachedStore open(ByteSize size) {
        var settings =
                new DiskCacheSettings(
                        directory.resolve("cache"), size, ByteSize.bytes(PART), ByteSize.bytes(0));
        var store =
                new CachedStore(
                        inner,
                        name -> name.endsWith(".sst"),
                        settings,
                        Disk.system(),
                        Env.system());
        opened.add(store);
        return store;
    }

    private CachedStore open() {
        return open(ByteSize.mebibytes(4));
    }

    private void assertServes(ObjectStore store, int offset, int length) {
        assertEquals(
                Bytes.copyOf(content, offset, length),
                store.get(NAME, offset, length),
                "offset=" + offset + ", length=" + length);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            return files.filter(file -> PartId.isFileName(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldFetchAPartOnceAndServeEveryRangeOfIt() {
        CachedStore store = open();
        var random = new Random(3);

        for (int i = 0; i < 300; i++) {
            int offset = random.nextInt(content.length - 1);
            assertServes(store, offset, 1 + random.nextInt(content.length - offset));
        }

        assertEquals(6, store.cacheFigures().misses());
        assertTrue(inner.calls(Operation.GET) <= 6, "gets=" + inner.calls(Operation.GET));
    }

    @Test
    void shouldFetchPartsSideBySideInOnePiece() {
        assertServes(open(), 10, content.length - 10);

        assertEquals(1, inner.calls(Operation.GET));
    }

    @Test
    void shouldServeWhatAnEarlierProcessKept() {
        CachedStore first = open();
        assertServes(first, 0, content.length);
        first.close();
        long before = inner.calls(Operation.GET);

        CachedStore second = open();
        assertServes(second, 5, content.length - 5);

        assertEquals(before, inner.calls(Operation.GET));
        assertEquals(6, second.cacheFigures().hits());
    }

    @Test
    void shouldLeaveTheDirectoryToTheProcessThatHasIt() {
        CachedStore first = open();
        CachedStore second = open();

        assertServes(second, 0, 100);
        assertServes(first, 0, 100);

        assertEquals(0, second.cacheFigures().misses());
        assertEquals(1, first.cacheFigures().misses());
    }

    @Test
    void shouldKeepNothingOfOtherObjects() throws IOException {
        CachedStore store = open();
        inner.put("db/manifest/1", List.of(Bytes.wrap(content)));

        assertEquals(Bytes.copyOf(content, 3, 5), store.get("db/manifest/1", 3, 5));
        assertNull(store.get("db/compacted/none.sst", 0, 5));
        assertThrows(
                ObjectStoreException.Invalid.class, () -> store.get(NAME, content.length - 1, 2));

        assertEquals(List.of(), files());
    }

    @Test
    void shouldKeepNothingOfBulkReads() throws IOException {
        assertServes(open().forBulkReads(), 0, content.length);

        assertEquals(List.of(), files());
    }

    @Test
    void shouldStayWithinItsSize() throws IOException {
        CachedStore store = open(ByteSize.bytes(3 * (PART + HEADER)));

        for (int i = 0; i < 30; i++) assertServes(store, i % 6 * PART, 1000);

        long onDisk = 0;
        for (Path file : files()) onDisk += Files.size(file);
        assertEquals(store.cacheFigures().bytes(), onDisk);
        assertTrue(onDisk <= 3 * (PART + HEADER), "bytes=" + onDisk);
    }

    @Test
    void shouldForgetWhatIsDeletedOrWrittenAnew() throws IOException {
        CachedStore store = open();
        assertServes(store, 0, content.length);

        content[0]++;
        store.put(NAME, List.of(Bytes.copyOf(content)));
        assertServes(store, 0, 10);
        store.delete(NAME);

        assertNull(store.get(NAME, 0, 10));
        assertEquals(List.of(), files());
    }

    /// Every way to damage a file, each at many places.
    @Test
    @Tag("CAC-01")
    void shouldFetchAgainWhateverIsWrongWithAFile() throws IOException {
        CachedStore store = open();
        assertServes(store, 0, content.length);
        var random = new Random(11);
        for (int round = 0; round < 200; round++) {
            List<Path> files = files();
            Path file = files.get(random.nextInt(files.size()));
            damage(file, files.get(random.nextInt(files.size())), random);

            assertServes(store, 0, content.length);
        }
        assertTrue(
                100 < store.cacheFigures().damaged(), "damaged=" + store.cacheFigures().damaged());
    }

    private static void damage(Path file, Path other, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> Files.write(file, java.util.Arrays.copyOf(bytes, at));
            case 1 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
            case 2 -> {
                java.util.Arrays.fill(bytes, at, bytes.length, (byte) 0);
                Files.write(file, bytes);
            }
            case 3 -> Files.write(file, Files.readAllBytes(other));
            default -> Files.delete(file);
        }
    }

    @Test
    @Tag("CAC-01")
    void shouldNotServeTheFileOfAnotherObjectUnderThisName() throws IOException {
        CachedStore store = open();
        inner.put("db/compacted/other.sst", List.of(Bytes.wrap(new byte[content.length])));
        assertServes(store, 0, PART);
        Path mine = files().getFirst();
        store.get("db/compacted/other.sst", 0, PART);
        Path others = files().stream().filter(file -> !file.equals(mine)).findFirst().orElseThrow();

        Files.copy(others, mine, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertServes(store, 0, PART);
        assertEquals(1, store.cacheFigures().damaged());
    }

    @Test
    @Tag("CAC-02")
    void shouldGoOnWithoutItsDirectory() throws IOException {
        CachedStore store = open();
        assertServes(store, 0, content.length);
        for (Path file : files()) Files.delete(file);
        Files.delete(directory.resolve("cache/LOCK"));
        Files.delete(directory.resolve("cache"));

        assertServes(store, 0, content.length);
        assertServes(store, 0, content.length);

        assertTrue(0 < store.cacheFigures().failures());
    }

    @Test
    @Tag("CAC-02")
    void shouldGoOnWhereNoDirectoryCanBe() throws IOException {
        Files.writeString(directory.resolve("cache"), "a file");
        CachedStore store = open();

        assertServes(store, 0, content.length);

        assertEquals(new CachingStore.Figures(0, 0, 0, 0, 0, 1), store.cacheFigures());
    }

    @Test
    @Tag("CAC-04")
    void shouldFetchOnceForAThousandReaders() throws Exception {
        CachedStore store = open();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int offset = PART + i;
                done.add(readers.submit(() -> assertServes(store, offset, 4096)));
            }
            for (Future<?> reader : done) reader.get(60, TimeUnit.SECONDS);
        }

        assertEquals(1, inner.calls(Operation.GET));
    }

    @Nested
    class AsAStore extends ObjectStoreContract {
        @TempDir private Path directory;

        @Override
        protected ObjectStore open() {
            return new CachedStore(
                    new MemoryStore(),
                    _ -> true,
                    DiskCacheSettings.of(directory.resolve("c"), ByteSize.mebibytes(1)),
                    Disk.system(),
                    Env.system());
        }
    }
}
