package dev.holdfast.objectstore.cached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import dev.holdfast.objectstore.fault.Fault;
import dev.holdfast.objectstore.fault.FaultPlan;
import dev.holdfast.objectstore.fault.FaultStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final int SLOT = PartHeader.BYTES + PART;
    private static final int REST = 2 * 4096; // the index's head, the lock

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
        return open(size, inner);
    }

    private CachedStore open(ByteSize size, ObjectStore inner) {
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
        store.openCache();
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

    private Path slab() {
        return directory.resolve("cache/slab-0");
    }

    private int slots() throws IOException {
        return Files.exists(slab()) ? (int) (Files.size(slab()) / SLOT) : 0;
    }

    private long onDisk() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
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

        assertEquals(0, slots());
    }

    @Test
    void shouldRefuseARangeBeyondTheEndHoweverMuchIsThere() {
        CachedStore store = open();
        for (int round = 0; round < 2; round++) {
            assertThrows(
                    ObjectStoreException.Invalid.class,
                    () -> store.get(NAME, content.length - 1, 2));
            assertThrows(ObjectStoreException.Invalid.class, () -> store.get(NAME, 0, 9 * PART));
            assertEquals(
                    Bytes.copyOf(content, 10, content.length - 10),
                    store.getUpTo(NAME, 10, 9 * PART));
            assertEquals(Bytes.EMPTY, store.getUpTo(NAME, content.length, 10));
        }
    }

    @Test
    void shouldServeBulkReadsFromWhatIsThereAndKeepNothingMore() throws IOException {
        CachedStore store = open();
        assertServes(store, 0, 2 * PART);
        long before = inner.calls(Operation.GET);

        assertServes(store.forBulkReads(), 10, PART);
        assertEquals(before, inner.calls(Operation.GET));
        assertServes(store.forBulkReads(), 0, content.length);
        assertServes(store.forBulkReads(), 0, content.length);

        assertEquals(before + 2, inner.calls(Operation.GET));
        assertEquals(2, slots());
    }

    @Test
    void shouldStayWithinItsSize() throws IOException {
        long size = REST + 3 * (SLOT + SlotRecord.BYTES);
        CachedStore store = open(ByteSize.bytes(size));

        for (int i = 0; i < 30; i++) assertServes(store, i % 6 * PART, 1000);

        assertEquals(3, slots());
        assertTrue(onDisk() <= size, "bytes=" + onDisk());
        assertTrue(onDisk() <= store.cacheFigures().bytes() + 4096, "bytes=" + onDisk());
    }

    @Test
    void shouldKeepNothingWhereNotOnePartHasRoom() {
        CachedStore store = open(ByteSize.bytes(SLOT));

        assertServes(store, 0, content.length);
        assertServes(store, 0, content.length);

        assertEquals(new CachingStore.Figures(0, 0, 12, 0, 0, 0), store.cacheFigures());
    }

    @Test
    void shouldShrinkAndGrowWithItsSize() throws IOException {
        CachedStore store = open();
        assertServes(store, 0, content.length);
        store.close();

        CachedStore small = open(ByteSize.bytes(REST + 2 * (SLOT + SlotRecord.BYTES)));
        assertEquals(2, slots());
        assertServes(small, 0, content.length);
        small.close();
        CachedStore large = open();
        assertServes(large, 0, content.length);

        assertEquals(2, small.cacheFigures().hits());
        assertEquals(2, large.cacheFigures().hits());
        assertEquals(6, slots());
    }

    @Test
    void shouldForgetWhatIsDeletedOrWrittenAnew() {
        CachedStore store = open();
        assertServes(store, 0, content.length);

        content[0]++;
        store.put(NAME, List.of(Bytes.copyOf(content)));
        assertServes(store, 0, 10);
        store.delete(NAME);
        assertNull(store.get(NAME, 0, 10));
        store.close();
        inner.put(NAME, List.of(Bytes.copyOf(content)));

        CachedStore next = open();
        assertServes(next, 0, content.length);

        assertEquals(0, next.cacheFigures().hits());
    }

    @Test
    void shouldFetchAgainWhatItsReaderDoubts() {
        CachedStore store = open();
        assertServes(store, 0, 10);
        long before = inner.calls(Operation.GET);

        store.doubt(NAME);
        assertServes(store, 0, 10);

        assertEquals(before + 1, inner.calls(Operation.GET));
    }

    @Test
    void shouldTakeTheFilesOfTheEarlierLayoutAway() throws IOException {
        Path cache = Files.createDirectory(directory.resolve("cache"));
        for (int i = 0; i < 100; i++) Files.write(cache.resolve("%032x".formatted(i)), content);
        Files.write(cache.resolve("fresh-one"), content);
        Files.writeString(cache.resolve("a note of mine"), "stays");

        assertServes(open(), 0, content.length);

        try (Stream<Path> files = Files.list(cache)) {
            assertEquals(
                    List.of("INDEX", "LOCK", "a note of mine", "slab-0"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void shouldServeAfterAKillWhatWasKeptBefore() throws IOException {
        CachedStore first = open();
        assertServes(first, 0, content.length);
        // given: what a kill leaves: nobody closed it
        Path left = Files.createDirectory(directory.resolve("left"));
        for (String file : List.of("INDEX", "slab-0"))
            Files.copy(directory.resolve("cache").resolve(file), left.resolve(file));
        first.close();
        for (String file : List.of("INDEX", "slab-0"))
            Files.copy(
                    left.resolve(file),
                    directory.resolve("cache").resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);

        CachedStore second = open();
        assertServes(second, 0, content.length);

        assertEquals(6, second.cacheFigures().hits());
    }

    /// Every way to damage a slab or the index, each at many places, while it is open and between
    /// two lives.
    @Test
    @Tag("CAC-01")
    void shouldFetchAgainWhateverIsWrongWithItsFiles() throws IOException {
        var random = new Random(11);
        long damaged = 0;
        for (int round = 0; round < 200; round++) {
            CachedStore store = open();
            assertServes(store, 0, content.length);
            if (round % 2 == 0) damage(slab(), random);
            assertServes(store, 0, content.length);
            assertServes(store, 0, content.length);
            damaged += store.cacheFigures().damaged();
            store.close();
            if (round % 2 == 1) damage(slab(), random);
            if (round % 4 == 3) damage(directory.resolve("cache/INDEX"), random);
        }
        assertTrue(60 < damaged, "damaged=" + damaged);
    }

    private void damage(Path file, Random random) throws IOException {
        if (!Files.exists(file)) return;
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) return;
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> Files.write(file, Arrays.copyOf(bytes, at));
            case 1 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
            case 2 -> {
                Arrays.fill(bytes, at, bytes.length, (byte) 0);
                Files.write(file, bytes);
            }
            case 3 -> {
                int unit = file.equals(slab()) ? SLOT : SlotRecord.BYTES;
                byte[] one = Arrays.copyOf(bytes, Math.min(unit, bytes.length));
                System.arraycopy(
                        one, 0, bytes, Math.min(unit, bytes.length - one.length), one.length);
                Files.write(file, bytes);
            }
            default -> Files.delete(file);
        }
    }

    @Test
    @Tag("CAC-01")
    void shouldNotServeTheSlotOfAnotherObjectUnderThisName() throws IOException {
        CachedStore store = open();
        inner.put("db/compacted/other.sst", List.of(Bytes.wrap(new byte[content.length])));
        assertServes(store, 0, PART);
        store.get("db/compacted/other.sst", 0, PART);
        store.close();

        byte[] slots = Files.readAllBytes(slab());
        System.arraycopy(slots, SLOT, slots, 0, SLOT);
        Files.write(slab(), slots);

        CachedStore next = open();
        assertServes(next, 0, PART);
        assertEquals(1, next.cacheFigures().damaged());
    }

    @Test
    @Tag("CAC-02")
    void shouldGoOnWithoutItsDirectory() throws IOException {
        CachedStore store = open();
        assertServes(store, 0, 3 * PART);
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            for (Path file : files.toList()) Files.delete(file);
        }
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

    @Test
    void shouldTellAllWhoWaitWhenAFetchFailsAndFetchAnew() throws Exception {
        // given: a fetch that fails once the others wait for it
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var failing = new AtomicBoolean(true);
        FaultPlan plan =
                _ -> {
                    begun.countDown();
                    awaitQuietly(goOn);
                    return failing.get() ? new Fault.FailBefore() : new Fault.None();
                };
        var store = open(ByteSize.mebibytes(4), new FaultStore(inner, plan, Env.system()));
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                done.add(readers.submit(() -> store.get(NAME, 5, 10)));
                if (i == 0) assertTrue(begun.await(60, TimeUnit.SECONDS));
            }
            goOn.countDown();
            // then: each is told, or came late and asked for itself
            for (Future<?> reader : done) {
                var thrown =
                        assertThrows(
                                ExecutionException.class, () -> reader.get(60, TimeUnit.SECONDS));
                assertInstanceOf(ObjectStoreException.Unavailable.class, thrown.getCause());
            }
        }
        failing.set(false);
        assertServes(store, 5, 10);
        assertServes(store, 5, 10);
        assertEquals(1, store.cacheFigures().hits());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void shouldAskOnceForAnObjectThatIsNotThere() {
        CachedStore store = open();

        assertNull(store.get("db/compacted/none.sst", PART, 3 * PART));

        assertEquals(1, inner.calls(Operation.GET));
        assertEquals(0, inner.calls(Operation.HEAD));
    }

    @Nested
    class AsAStore extends ObjectStoreContract {
        @TempDir private Path directory;

        @Override
        protected ObjectStore open() {
            var store =
                    new CachedStore(
                            new MemoryStore(),
                            _ -> true,
                            DiskCacheSettings.of(directory.resolve("c"), ByteSize.mebibytes(1)),
                            Disk.system(),
                            Env.system());
            store.openCache();
            return store;
        }
    }
}
