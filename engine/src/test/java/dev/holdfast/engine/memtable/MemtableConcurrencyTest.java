package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// One writer adds while readers look: what was published before a reader began is all there.
class MemtableConcurrencyTest {
    private static final int BATCHES = 30_000;
    private static final int KEYS = 500;

    private final Memtable memtable = new Memtable();
    private final AtomicLong published = new AtomicLong();

    // Batch n writes n to key n mod KEYS twice, and to one other key.
    private static WriteBatch batch(long seq) {
        return new WriteBatch()
                .put(key(seq % KEYS), Bytes.utf8("stale"))
                .put(key(KEYS + seq), Bytes.utf8("" + seq))
                .put(key(seq % KEYS), Bytes.utf8("" + seq));
    }

    private static Bytes key(long i) {
        return Bytes.utf8("%08d".formatted(Long.reverse(i) >>> 40));
    }

    @Test
    void shouldShowEveryPublishedRowToReadersWithoutLocks() throws Exception {
        long seed = Seeds.fresh(1).findFirst().getAsLong();
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var readers = new ArrayList<Future<Integer>>();
            readers.add(threads.submit(reader(() -> findSome(new Random(seed)))));
            readers.add(threads.submit(reader(() -> walk(Order.ASCENDING))));
            readers.add(threads.submit(reader(() -> walk(Order.DESCENDING))));
            for (long seq = 1; seq <= BATCHES; seq++) {
                memtable.apply(batch(seq).cursor(), seq, 0);
                published.setRelease(seq);
            }
            for (Future<Integer> reader : readers) assertTrue(0 < reader.get(), "seed=" + seed);
        }
        assertEquals(2L * BATCHES, memtable.rows());
    }

    @Test
    void shouldShowOlderRowsOfAKeyWhileTheyAreLinked() throws Exception {
        int keys = 20;
        int versions = 100;
        var current = new AtomicReference<>(versionsOf(keys, versions));
        var looks = new AtomicLong();
        var isOver = new AtomicBoolean();
        try (var threads = Executors.newSingleThreadExecutor(Thread.ofPlatform().factory())) {
            Future<?> reader =
                    threads.submit(() -> {
                        var random = new Random(1);
                        var found = new FoundRow();
                        while (!isOver.get()) {
                            long seq = 1 + random.nextInt(keys * versions);
                            assertTrue(current.get().find(key(seq % keys), seq, found));
                            assertEquals("" + seq, value(found));
                            looks.incrementAndGet();
                        }
                    });
            for (int round = 0; round < 500; round++) {
                current.set(versionsOf(keys, versions));
                long before = looks.get();
                while (looks.get() < before + 2 && !reader.isDone()) Thread.onSpinWait();
                current.get().cursor(Order.ASCENDING).close();
            }
            isOver.set(true);
            reader.get();
        }
    }

    private static Memtable versionsOf(int keys, int versions) {
        var memtable = new Memtable();
        for (long seq = 1; seq <= (long) keys * versions; seq++)
            memtable.apply(
                    new WriteBatch().put(key(seq % keys), Bytes.utf8("" + seq)).cursor(), seq, 0);
        return memtable;
    }

    private Callable<Integer> reader(Runnable round) {
        return () -> {
            int rounds = 0;
            do {
                round.run();
                rounds++;
            } while (published.getAcquire() < BATCHES);
            return rounds;
        };
    }

    private void findSome(Random random) {
        var found = new FoundRow();
        long newest = published.getAcquire();
        // Some read as of long ago, over many newer rows of the same keys.
        long seqMax = random.nextInt(8) == 0 ? newest / 2 : newest;
        if (seqMax == 0) return;
        long asked = Math.max(1, seqMax - random.nextInt(KEYS));
        assertTrue(memtable.find(key(asked % KEYS), seqMax, found));
        long last = seqMax - Math.floorMod(seqMax - asked, (long) KEYS);
        assertEquals("" + last, value(found));
        assertTrue(memtable.find(key(KEYS + asked), seqMax, found));
        assertEquals("" + asked, value(found));
    }

    private static String value(FoundRow found) {
        return Bytes.wrap(found.valueArray(), found.valueOffset(), found.valueLength()).toUtf8();
    }

    private void walk(Order order) {
        long seqMax = published.getAcquire();
        List<Bytes> last = new ArrayList<>(List.of(Bytes.EMPTY));
        long rows = 0;
        try (RowCursor cursor = memtable.cursor(order)) {
            while (cursor.next()) {
                Bytes key = Bytes.copyOf(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength());
                int step = last.getFirst().compareTo(key);
                if (!last.getFirst().isEmpty())
                    assertTrue(order == Order.ASCENDING ? step <= 0 : 0 <= step);
                last.set(0, key);
                if (cursor.seq() <= seqMax) rows++;
            }
        }
        assertEquals(2 * seqMax, rows);
    }
}
