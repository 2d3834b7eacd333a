package dev.holdfast.simulation.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.cached.CachedStore;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import dev.holdfast.simulation.DistantStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A cache of object parts on a simulated disk: whatever becomes of the disk, it serves what the
/// store has. `-Dseed` is in each failure's message.
@Timeout(300)
class DiskCacheCrashTest {
    private static final int PART = 16 << 10;
    private static final int OBJECTS = 3;
    private static final int OBJECT_BYTES = 4 * PART + 100;
    private static final int SEEDS = 60;
    private static final int READERS = 1000;
    private static final int DEATHS_MAX = 120;

    private final MemoryStore inner = new MemoryStore();
    private final byte[][] contents = new byte[OBJECTS][OBJECT_BYTES];

    DiskCacheCrashTest() {
        for (int i = 0; i < OBJECTS; i++) {
            new Random(i).nextBytes(contents[i]);
            inner.put(name(i), List.of(Bytes.copyOf(contents[i])));
        }
    }

    private static String name(int object) {
        return "table" + object + ".sst";
    }

    private CachedStore cache(Told told, Disk disk) {
        return cache(told, disk, inner);
    }

    private static CachedStore cache(Told told, Disk disk, ObjectStore inner) {
        var settings =
                new DiskCacheSettings(
                        Told.ROOT.resolve("cache"),
                        ByteSize.bytes(9 * (PART + 4096)),
                        ByteSize.bytes(PART),
                        ByteSize.bytes(0));
        var store = new CachedStore(inner, _ -> true, settings, disk, told.simulation.world());
        store.openCache();
        return store;
    }

    private void readAround(CachedStore store, Random random, int reads) {
        for (int i = 0; i < reads; i++) {
            int object = random.nextInt(OBJECTS);
            int offset = random.nextInt(OBJECT_BYTES - 1);
            int length = 1 + random.nextInt(Math.min(2 * PART, OBJECT_BYTES - offset));
            assertEquals(
                    Bytes.copyOf(contents[object], offset, length),
                    store.get(name(object), offset, length));
        }
    }

    @Test
    @Tag("CAC-03")
    void shouldServeOnlyWhatTheStoreHasWhereverItDiesAndThePowerIsCut() {
        long damaged = 0;
        long hits = 0;
        for (int deathAt = 1; deathAt < DEATHS_MAX; deathAt++) {
            // given: a process that dies at one of its calls to the disk
            long seed = deathAt;
            var told = new Told(seed, DiskFaults.none());
            told.tell((disk, _) -> readAround(cache(told, disk), new Random(seed), 20), deathAt);
            // when
            told.cutPower();
            // then
            CachingStore.Figures[] seen = new CachingStore.Figures[1];
            told.tell((disk, _) -> {
                try (CachedStore store = cache(told, disk)) {
                    readAround(store, new Random(seed), 40);
                    seen[0] = store.cacheFigures();
                }
            });
            damaged += seen[0].damaged();
            hits += seen[0].hits();
        }
        assertTrue(0 < damaged, "no cut ever left a damaged file");
        assertTrue(0 < hits, "nothing was ever served from the disk");
    }

    @Test
    @Tag("CAC-01")
    void shouldServeOnlyWhatTheStoreHasWhenTheDiskReadsWrong() {
        long damaged = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var told = new Told(seed, faultsThatLie());
            CachingStore.Figures seen = story(told, seed);
            damaged += seen.damaged();
        }
        assertTrue(SEEDS < damaged, "damaged=" + damaged);
    }

    private static DiskFaults faultsThatLie() {
        DiskFaults faults = DiskFaults.none();
        for (DiskFault fault : DiskFault.values())
            if (fault.isCorruption()) faults = faults.with(fault, DiskFaults.OF / 5);
        return faults;
    }

    @Test
    @Tag("CAC-02")
    void shouldGoOnWithoutTheDiskWhenItFails() {
        Set<DiskFault> faults =
                EnumSet.of(
                        DiskFault.READ_FAILS,
                        DiskFault.WRITE_FAILS,
                        DiskFault.NAME_FAILS,
                        DiskFault.REFUSED);
        for (DiskFault fault : faults)
            for (int rate : new int[] {DiskFaults.OF / 5, DiskFaults.OF}) {
                long failures = 0;
                for (long seed = 0; seed < SEEDS / 6; seed++)
                    failures +=
                            story(new Told(seed, DiskFaults.only(fault, rate)), seed).failures();
                assertTrue(0 < failures, fault + " never met");
            }
    }

    @Test
    @Tag("CAC-02")
    void shouldGoOnWithoutTheDiskWhenItIsFull() {
        for (long seed = 0; seed < SEEDS / 6; seed++) {
            var told = new Told(seed, DiskFaults.none().withCapacity(3 * PART + 100 * seed));
            CachingStore.Figures seen = story(told, seed);
            assertTrue(seen.bytes() <= 3 * PART + 100 * seed, "seed=" + seed);
        }
    }

    @Test
    @Tag("CAC-04")
    void shouldFetchOnceForAThousandReaders() {
        var told = new Told(1, DiskFaults.none());
        var counted =
                new CountingStore(new DistantStore(inner, told.simulation, Duration.ofMillis(20)));
        var served = new AtomicInteger();
        told.tell((disk, _) -> {
            CachedStore store = cache(told, disk, counted);
            for (int i = 0; i < READERS; i++) {
                int offset = i;
                told.simulation
                        .world()
                        .start(
                                "reader",
                                () -> {
                                    Bytes expected = Bytes.copyOf(contents[0], offset, 100);
                                    if (expected.equals(store.get(name(0), offset, 100)))
                                        served.incrementAndGet();
                                });
            }
        });

        assertEquals(READERS, served.get());
        assertEquals(1, counted.calls(Operation.GET));
    }

    private CachingStore.Figures story(Told told, long seed) {
        CachingStore.Figures[] seen = new CachingStore.Figures[1];
        told.tell((disk, _) -> {
            try (CachedStore store = cache(told, disk)) {
                readAround(store, new Random(seed), 60);
                seen[0] = store.cacheFigures();
            }
        });
        return seen[0];
    }
}
