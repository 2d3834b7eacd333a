package dev.holdfast.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.iter.Seeds;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
    private static final int OVERHEAD = 64;

    private static CacheShelf<byte[]> shelf(BlockCache cache, int places) {
        return cache.shelf(places, value -> value.length);
    }

    @Test
    void shouldLoadOnceAndCountHitsAndMisses() {
        var cache = BlockCache.alone(ByteSize.kibibytes(1), Env.system());
        CacheShelf<byte[]> shelf = shelf(cache, 2);

        byte[] loaded = shelf.get(1, () -> new byte[10]);

        assertSame(loaded, shelf.get(1, () -> new byte[10]));
        assertSame(loaded, shelf.peek(1));
        assertNull(shelf.peek(0));
        assertEquals(1, cache.misses());
        assertEquals(2, cache.hits());
        assertEquals(10 + OVERHEAD, cache.bytes());
    }

    @Test
    void shouldStayWithinItsBudget() {
        Seeds.fresh(5)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var cache =
                            BlockCache.alone(ByteSize.bytes(random.nextInt(20_000)), Env.system());
                    CacheShelf<byte[]> shelf = shelf(cache, 300);
                    for (int i = 0; i < 3000; i++) {
                        int size = random.nextInt(500);
                        int place = random.nextInt(300);
                        switch (random.nextInt(10)) {
                            case 0 -> shelf.offer(place, new byte[size]);
                            case 1 -> shelf.peek(place);
                            default -> shelf.get(place, () -> new byte[size]);
                        }
                        assertTrue(cache.bytes() <= cache.sizeMax(), "seed=" + seed);
                    }
                    long bytes = 0;
                    for (int place = 0; place < 300; place++) {
                        byte[] value = shelf.peek(place);
                        bytes += value == null ? 0 : value.length + OVERHEAD;
                    }
                    assertEquals(bytes, cache.bytes(), "seed=" + seed);
                    shelf.clear();
                    assertEquals(0, cache.bytes(), "seed=" + seed);
                });
    }

    @Test
    void shouldKeepWhatIsUsedWhenOthersPassThrough() {
        var cache = BlockCache.alone(ByteSize.bytes(10 * (100 + OVERHEAD)), Env.system());
        CacheShelf<byte[]> shelf = shelf(cache, 1000);
        shelf.get(0, () -> new byte[100]);

        for (int place = 1; place < 1000; place++) {
            shelf.get(0, () -> new byte[100]);
            shelf.get(place, () -> new byte[100]);
        }

        assertEquals(1000, cache.misses());
        assertNotNull(shelf.peek(0));
    }

    @Test
    void shouldTakeAnOfferOnlyWhenNothingHasToGo() {
        var cache = BlockCache.alone(ByteSize.bytes(2 * (100 + OVERHEAD)), Env.system());
        CacheShelf<byte[]> shelf = shelf(cache, 3);

        shelf.offer(0, new byte[100]);
        shelf.offer(1, new byte[100]);
        shelf.offer(2, new byte[100]);

        assertNotNull(shelf.peek(0));
        assertNotNull(shelf.peek(1));
        assertNull(shelf.peek(2));
    }

    @Test
    @Tag("CAC-04")
    void shouldLoadOnceWhenManyMissAtOnce() throws Exception {
        var cache = BlockCache.alone(ByteSize.mebibytes(1), Env.system());
        CacheShelf<byte[]> shelf = shelf(cache, 1);
        var loads = new AtomicInteger();
        var isLoading = new CountDownLatch(1);
        var mayLand = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> first =
                    threads.submit(() ->
                            shelf.get(
                                    0,
                                    () -> {
                                        loads.incrementAndGet();
                                        isLoading.countDown();
                                        awaitQuietly(mayLand);
                                        return new byte[1];
                                    }));
            assertTrue(isLoading.await(10, TimeUnit.SECONDS));
            var others = new ArrayList<Future<byte[]>>();
            for (int i = 0; i < 1000; i++)
                others.add(
                        threads.submit(() ->
                                shelf.get(
                                        0,
                                        () -> {
                                            loads.incrementAndGet();
                                            return new byte[2];
                                        })));
            mayLand.countDown();

            for (Future<byte[]> other : others) assertSame(first.get(), other.get());
        }
        assertEquals(1, loads.get());
    }

    @Test
    void shouldLoadAgainWhenALoadFailed() {
        var cache = BlockCache.alone(ByteSize.mebibytes(1), Env.system());
        CacheShelf<byte[]> shelf = shelf(cache, 1);
        var failure = new Unavailable("down", null);

        assertSame(
                failure,
                assertThrows(
                        Unavailable.class,
                        () ->
                                shelf.get(
                                        0,
                                        () -> {
                                            throw failure;
                                        })));

        assertEquals(1, shelf.get(0, () -> new byte[1]).length);
    }

    @Test
    void shouldStayConsistentWhenManyThreadsLoadAndClear() throws Exception {
        var cache = BlockCache.alone(ByteSize.bytes(50_000), Env.system());
        CacheShelf<byte[]> shelf = shelf(cache, 400);
        long seed = Seeds.fresh(1).findFirst().getAsLong();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int n = 0; n < 8; n++) {
                var random = new Random(seed + n);
                all.add(
                        threads.submit(() -> {
                            for (int i = 0; i < 20_000; i++) {
                                int place = random.nextInt(400);
                                byte[] value = shelf.get(place, () -> new byte[place]);
                                assertEquals(place, value.length);
                                if (i % 5000 == 0) shelf.clear();
                            }
                        }));
            }
            for (Future<?> one : all) one.get();
        }
        assertTrue(cache.bytes() <= cache.sizeMax(), "seed=" + seed);
        shelf.clear();
        assertEquals(0, cache.bytes(), "seed=" + seed);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
