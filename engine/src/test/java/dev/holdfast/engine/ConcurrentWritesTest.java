package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Many writers of one database, and several databases that take it over from each other.
class ConcurrentWritesTest {
    static LongStream seeds() {
        return Seeds.fresh(3);
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    private static HoldfastDb open(MemoryStore store, long seed) {
        return Engine.open(store, "", RandomSettings.tiny(new Random(seed)).build());
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void inThreads(int threads, Work work) throws Exception {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                all.add(
                        pool.submit(() -> {
                            work.run(thread);
                            return null;
                        }));
            }
            for (Future<?> each : all) each.get(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldLoseNoIncrementWhenManyIncrementOneCounter(long seed) throws Exception {
        var store = new MemoryStore();
        try (HoldfastDb db = open(store, seed)) {
            inThreads(
                    8,
                    _ -> {
                        for (int i = 0; i < 100; i++) increment(db);
                    });
            assertEquals(bytes("800"), db.get(bytes("counter")), "seed=" + seed);
        }
        try (HoldfastDb db = open(store, seed)) {
            assertEquals(bytes("800"), db.get(bytes("counter")), "seed=" + seed);
        }
    }

    private static void increment(HoldfastDb db) {
        while (true) {
            try (ReadView view = db.view()) {
                Bytes now = view.get(bytes("counter"));
                int next = 1 + (now == null ? 0 : Integer.parseInt(now.toUtf8()));
                var batch = new WriteBatch().put(bytes("counter"), bytes(String.valueOf(next)));
                db.writeIfUnchanged(view, batch, null);
                return;
            } catch (Conflict lost) {
                Thread.yield();
            }
        }
    }

    @Test
    void shouldCommitNothingWhenAReadKeyHasChanged() {
        try (HoldfastDb db = Engine.open(new MemoryStore(), "", settings())) {
            db.put(bytes("a"), bytes("1"));
            try (ReadView view = db.view()) {
                view.get(bytes("absent"));
                db.put(bytes("absent"), bytes("now there"));
                var batch = new WriteBatch().put(bytes("b"), bytes("2"));
                assertThrows(Conflict.class, () -> db.writeIfUnchanged(view, batch, null));
            }
            assertEquals(2, db.watermarks().applied());
            assertEquals(null, db.get(bytes("b")));
        }
    }

    @Test
    void shouldCommitAtOnceWhatNobodyChangedMeanwhile() {
        try (HoldfastDb db = Engine.open(new MemoryStore(), "", settings())) {
            try (ReadView view = db.view()) {
                view.get(bytes("a"));
                var batch = new WriteBatch().put(bytes("a"), bytes("1"));
                OptionalLong seq = db.writeIfUnchangedAtOnce(view, batch, null);
                assertEquals(OptionalLong.of(1), seq);
                assertThrows(Conflict.class, () -> db.writeIfUnchangedAtOnce(view, batch, null));
            }
            assertEquals(bytes("1"), db.get(bytes("a")));
            assertEquals(1, db.watermarks().applied());
        }
    }

    @Test
    void shouldCommitNothingAtOnceWhileAnotherCommitIsDecided() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var batch = new WriteBatch().put(bytes("b"), bytes("2"));
        try (HoldfastDb db = Engine.open(new MemoryStore(), "", settings());
                ReadView view = db.view()) {
            var other =
                    CompletableFuture.runAsync(() ->
                            write(
                                    db,
                                    () -> {
                                        begun.countDown();
                                        await(goOn);
                                    }));
            await(begun);
            long bytes = db.stats().memory().memtables();
            for (int i = 0; i < 1_000; i++)
                assertEquals(OptionalLong.empty(), db.writeIfUnchangedAtOnce(view, batch, null));
            assertEquals(bytes, db.stats().memory().memtables());
            goOn.countDown();
            other.get(30, TimeUnit.SECONDS);
            assertEquals(OptionalLong.of(2), db.writeIfUnchangedAtOnce(view, batch, null));
            assertEquals(2, db.watermarks().applied());
        }
    }

    private static void write(HoldfastDb db, Runnable within) {
        try (ReadView view = db.view()) {
            var batch = new WriteBatch().put(bytes("a"), bytes("1"));
            db.writeIfUnchanged(view, batch, _ -> within.run());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldLoseNoIncrementWhenSomeCommitAtOnce(long seed) throws Exception {
        try (HoldfastDb db = open(new MemoryStore(), seed)) {
            inThreads(
                    8,
                    thread -> {
                        for (int i = 0; i < 100; i++)
                            if (thread % 2 == 0 || !hasIncremented(db)) increment(db);
                    });
            assertEquals(bytes("800"), db.get(bytes("counter")), "seed=" + seed);
            assertEquals(800, db.watermarks().applied());
        }
    }

    private static boolean hasIncremented(HoldfastDb db) {
        try (ReadView view = db.view()) {
            Bytes now = view.get(bytes("counter"));
            int next = 1 + (now == null ? 0 : Integer.parseInt(now.toUtf8()));
            var batch = new WriteBatch().put(bytes("counter"), bytes(String.valueOf(next)));
            return db.writeIfUnchangedAtOnce(view, batch, null).isPresent();
        } catch (Conflict lost) {
            return false;
        }
    }

    @Test
    void shouldGiveTheHookTheLastWordInCommitOrder() throws Exception {
        try (HoldfastDb db = Engine.open(new MemoryStore(), "", settings())) {
            var count = new int[1];
            inThreads(
                    8,
                    thread -> {
                        for (int i = 0; i < 100; i++) {
                            String own = thread + "-" + i;
                            try (ReadView view = db.view()) {
                                db.writeIfUnchanged(
                                        view,
                                        new WriteBatch().put(bytes(own), bytes("x")),
                                        batch ->
                                                batch.put(
                                                        bytes("count"),
                                                        bytes(String.valueOf(++count[0]))));
                            }
                        }
                    });
            assertEquals(bytes("800"), db.get(bytes("count")));
        }
    }

    private static dev.holdfast.engine.api.Settings settings() {
        return dev.holdfast.engine.api.Settings.defaults();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldNumberCommitsWithoutGapsAndKeepBatchesWhole(long seed) throws Exception {
        var store = new MemoryStore();
        var seqs = new ConcurrentSkipListSet<Long>();
        int[] acked = new int[8];
        HoldfastDb db = open(store, seed);
        inThreads(
                8,
                thread -> {
                    var random = new Random(seed + thread);
                    for (int i = 1; i <= 100; i++) {
                        Bytes number = bytes(String.valueOf(i));
                        var batch =
                                new WriteBatch()
                                        .put(bytes("a" + thread), number)
                                        .put(bytes("b" + thread), number);
                        boolean waits = random.nextInt(10) == 0;
                        seqs.add(db.write(batch, waits ? Durability.REMOTE : Durability.MEMORY));
                        if (waits) acked[thread] = i;
                        assertEquals(number, db.get(bytes("a" + thread)), "seed=" + seed);
                    }
                });
        db.shutdown(Mode.IMMEDIATE, Duration.ofMillis(200));
        assertEquals(800, seqs.size());
        assertEquals(800, seqs.last());
        try (HoldfastDb reopened = open(store, seed)) {
            for (int thread = 0; thread < 8; thread++) {
                Bytes a = reopened.get(bytes("a" + thread));
                assertEquals(a, reopened.get(bytes("b" + thread)), "seed=" + seed);
                int found = a == null ? 0 : Integer.parseInt(a.toUtf8());
                assertTrue(acked[thread] <= found, "seed=" + seed + " thread=" + thread);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEveryAcknowledgedWriteWhenWritersTakeOverFromEachOther(long seed)
            throws Exception {
        // given
        var store = new MemoryStore();
        var acked = new ConcurrentSkipListSet<String>();
        List<HoldfastDb> opened = new java.util.concurrent.CopyOnWriteArrayList<>();
        // when: each opens, writes, and is fenced by the next
        inThreads(
                4,
                thread -> {
                    for (int round = 0; round < 5; round++) {
                        try {
                            HoldfastDb db = open(store, seed + thread);
                            opened.add(db);
                            for (int i = 0; i < 30; i++) {
                                String key = thread + "-" + round + "-" + i;
                                db.put(bytes(key), bytes("x"));
                                acked.add(key);
                            }
                        } catch (Closed fenced) {
                            assertEquals(Closed.Reason.FENCED, fenced.reason(), "seed=" + seed);
                        } catch (Unavailable raced) {
                            // another opener was faster, again and again
                        }
                    }
                });
        // then
        try (HoldfastDb last = open(store, seed)) {
            for (HoldfastDb zombie : opened) {
                assertThrows(Closed.class, () -> zombie.put(bytes("zombie"), bytes("x")));
                zombie.close();
            }
            assertEquals(null, last.get(bytes("zombie")), "seed=" + seed);
            assertTrue(0 < acked.size(), "nobody wrote. seed=" + seed);
            for (String key : acked)
                assertEquals(bytes("x"), last.get(bytes(key)), "lost " + key + " seed=" + seed);
        }
    }

    @Test
    void shouldNoticeANewerWriterWhileIdle() throws Exception {
        var store = new MemoryStore();
        var settings = settings().but().manifestPollInterval(Duration.ofMillis(10)).build();
        HoldfastDb older = Engine.open(store, "", settings);
        try (HoldfastDb newer = Engine.open(store, "", settings)) {
            long until = System.nanoTime() + 10_000_000_000L;
            Closed fenced = null;
            while (fenced == null && System.nanoTime() < until) {
                try {
                    older.get(bytes("a"));
                    Thread.yield();
                } catch (Closed closed) {
                    fenced = closed;
                }
            }
            assertTrue(fenced != null && fenced.reason() == Closed.Reason.FENCED);
            newer.put(bytes("a"), bytes("1"));
        }
        older.close();
    }
}
