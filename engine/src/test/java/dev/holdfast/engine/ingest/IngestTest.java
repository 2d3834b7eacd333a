package dev.holdfast.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.ChangeStream.Batch;
import dev.holdfast.engine.api.ChangeStream.Start;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Db.Ingest.Done;
import dev.holdfast.engine.api.Db.Ingest.Options;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.gc.ShiftedEnv;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Rows that come past the log, beside everything else that a database does.
@Timeout(120)
class IngestTest {
    private static final Options SMALL = Options.defaults().withTableSize(ByteSize.kibibytes(1));
    private static final Settings TINY =
            Settings.defaults()
                    .but()
                    .untended()
                    .compaction(CompactionSettings.off())
                    .flushInterval(Duration.ofMillis(2))
                    .l0SstSize(ByteSize.kibibytes(4))
                    .blockSize(ByteSize.bytes(256))
                    .filterKeysMin(1)
                    .writeTimeout(Duration.ofSeconds(60))
                    .build();

    @TempDir private Path folder;
    private final ShiftedEnv env = new ShiftedEnv();
    private final MemoryStore store = new MemoryStore(env);
    private final SortedMap<String, String> model = new TreeMap<>();

    private EngineBuilder builder() {
        return Engine.builder(store, "db").settings(TINY).env(env);
    }

    private HoldfastDb open() {
        return builder().open();
    }

    private HoldfastDb openLocal() {
        LocalSettings local =
                LocalSettings.in(folder.resolve("local"))
                        .withSegmentSize(ByteSize.kibibytes(64))
                        .withCacheSize(ByteSize.bytes(0));
        return builder().local(local).open();
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key%05d".formatted(number));
    }

    private void put(Db db, int from, int to, String value) {
        for (int i = from; i < to; i++) {
            db.write(new WriteBatch().put(key(i), Bytes.utf8(value + i)), Durability.MEMORY);
            model.put(key(i).toUtf8(), value + i);
        }
    }

    private static void fill(Db.Ingest ingest, int from, int to, String value) {
        for (int i = from; i < to; i++) ingest.put(key(i), Bytes.utf8(value + i));
    }

    private Done ingest(Db db, int from, int to, String value) {
        try (Db.Ingest ingest = db.ingest(SMALL)) {
            fill(ingest, from, to, value);
            Done done = ingest.commit();
            for (int i = from; i < to; i++) model.put(key(i).toUtf8(), value + i);
            return done;
        }
    }

    private static SortedMap<String, String> contents(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        for (String key : found.keySet()) assertNotNull(db.get(Bytes.utf8(key)), key);
        return found;
    }

    private List<String> names(String prefix) {
        return store.list(prefix, null, 1000).stream().map(ObjectMeta::name).toList();
    }

    @Test
    void shouldShowItsRowsOverThoseBeforeAndBelowThoseAfter() {
        try (HoldfastDb db = open()) {
            put(db, 0, 300, "before ");
            Done done = ingest(db, 100, 400, "ingested ");
            put(db, 200, 250, "after ");

            assertEquals(300, done.rows());
            assertTrue(5 < done.tables(), done.toString());
            assertEquals(model, contents(db));
            assertEquals(done.seq() + 50, db.watermarks().applied());
        }
        try (HoldfastDb db = open()) {
            assertEquals(model, contents(db));
            put(db, 0, 10, "reopened ");
            db.flush();
            assertEquals(model, contents(db));
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }

    @Test
    void shouldBeDurableOnceItReturns() {
        try (HoldfastDb db = open()) {
            Done done = ingest(db, 0, 100, "ingested ");
            assertEquals(done.seq(), db.watermarks().remote());
            db.flush();
            db.flushMemtables();
            try (DbReader reader = builder().openReader()) {
                assertEquals(model, contents(reader));
            }
        }
    }

    @Test
    void shouldShowNothingBeforeItsCommitAndNothingToSnapshotsBeforeIt() {
        try (HoldfastDb db = open()) {
            put(db, 0, 100, "before ");
            SortedMap<String, String> before = new TreeMap<>(model);
            try (Db.Snapshot snapshot = db.snapshot("test", Duration.ofMinutes(1));
                    Db.Ingest ingest = db.ingest(SMALL)) {
                fill(ingest, 50, 150, "ingested ");
                assertEquals(before, contents(db));
                ingest.commit();
                assertEquals(before, contents(snapshot));
                put(db, 0, 20, "after ");
                db.flushMemtables();
                assertEquals(before, contents(snapshot));
                assertEquals(150, contents(db).size());
            }
        }
    }

    @Test
    void shouldRemoveAndExpireRows() {
        try (HoldfastDb db = open()) {
            put(db, 0, 10, "before ");
            try (Db.Ingest ingest = db.ingest(SMALL)) {
                ingest.delete(key(3));
                ingest.put(key(4), Bytes.utf8("short"), Expiry.after(Duration.ofMinutes(1)));
                ingest.put(key(5), Bytes.EMPTY);
                ingest.commit();
            }
            assertNull(db.get(key(3)));
            assertEquals(Bytes.utf8("short"), db.get(key(4)));
            assertEquals(Bytes.EMPTY, db.get(key(5)));
            env.shift(Duration.ofMinutes(2));
            assertNull(db.get(key(4)));
        }
    }

    @Test
    void shouldTakeKeysInOrderOnly() {
        try (HoldfastDb db = open();
                Db.Ingest ingest = db.ingest(SMALL)) {
            ingest.put(key(5), Bytes.EMPTY);
            assertThrows(Invalid.class, () -> ingest.put(key(5), Bytes.EMPTY));
            assertThrows(Invalid.class, () -> ingest.delete(key(4)));
            assertThrows(Invalid.class, () -> ingest.put(Bytes.EMPTY, Bytes.EMPTY));
            ingest.put(key(6), Bytes.EMPTY);
            assertEquals(2, ingest.commit().rows());
            assertEquals(2, ingest.commit().rows());
            assertThrows(Closed.class, () -> ingest.put(key(7), Bytes.EMPTY));
        }
    }

    @Test
    void shouldCommitNothingWithoutRows() {
        try (HoldfastDb db = open()) {
            put(db, 0, 3, "");
            Done done = ingest(db, 0, 0, "");
            assertEquals(new Done(3, 0, 0, 0), done);
        }
    }

    @Test
    void shouldBeOneAtATime() {
        try (HoldfastDb db = open()) {
            try (Db.Ingest first = db.ingest(SMALL)) {
                assertThrows(Unavailable.class, () -> db.ingest(SMALL));
                first.put(key(1), Bytes.EMPTY);
            }
            long one = ingest(db, 0, 10, "one ").seq();
            long two = ingest(db, 5, 20, "two ").seq();
            assertTrue(one < two);
            assertEquals(model, contents(db));
        }
    }

    @Test
    void shouldLeaveWhatWasGivenUpToACollector() throws InterruptedException {
        try (HoldfastDb db = open()) {
            put(db, 0, 100, "before ");
            db.flushMemtables();
            try (Db.Ingest ingest = db.ingest(SMALL)) {
                fill(ingest, 0, 200, "given up ");
            }
            int orphans = Engine.fsck(store, "db").orphans().size();
            assertTrue(3 < orphans, "orphans: " + orphans);
            env.shift(Duration.ofMinutes(30));
            compactAndCollect(db, 0);
            assertTrue(orphans <= Engine.fsck(store, "db").orphans().size(), "still in its time");
            env.shift(Duration.ofMinutes(20));
            compactAndCollect(db, 10);
            env.shift(Duration.ofMinutes(40));
            compactAndCollect(db, 20);
            int left = Engine.fsck(store, "db").orphans().size();
            assertTrue(left < orphans, orphans + " orphans, left: " + left);
            assertEquals(model, contents(db));
        }
    }

    @Test
    void shouldKeepItsTablesFromCollectorsUntilItIsCommitted() throws InterruptedException {
        try (HoldfastDb db = open();
                Db.Ingest ingest = db.ingest(SMALL)) {
            fill(ingest, 0, 300, "ingested ");
            env.shift(Duration.ofMinutes(30));
            compactAndCollect(db, 500);
            ingest.commit();
            for (int i = 0; i < 300; i++) model.put(key(i).toUtf8(), "ingested " + i);
            builder().collect(new CollectionRules(Duration.ofMinutes(5), Sweep.REMOVE));
            assertEquals(model, contents(db));
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }

    // A collector removes tables only if they are older than a compaction and the newest L0 table.
    private void compactAndCollect(HoldfastDb db, int from) throws InterruptedException {
        put(db, from, from + 5, "for a compaction ");
        db.flushMemtables();
        Settings all =
                TINY.but()
                        .compaction(CompactionSettings.defaults().withStyle(Style.EVERYTHING))
                        .build();
        try (StandaloneCompactor compactor = builder().settings(all).compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(60));
        }
        env.shift(Duration.ofMinutes(20));
        put(db, from + 5, from + 10, "for the newest table ");
        db.flushMemtables();
        builder().collect(new CollectionRules(Duration.ofMinutes(5), Sweep.REMOVE));
    }

    @Test
    void shouldRefuseWhatTookTooLong() {
        try (HoldfastDb db = open();
                Db.Ingest ingest = db.ingest(SMALL)) {
            fill(ingest, 0, 10, "late ");
            env.shift(Duration.ofMinutes(61));
            assertThrows(Conflict.class, ingest::commit);
            assertNull(db.get(key(1)));
        }
    }

    @Test
    void shouldRefuseANumberThatIsTaken() {
        try (HoldfastDb db = open();
                Db.Ingest ingest = db.ingest(SMALL)) {
            fill(ingest, 0, 10, "outrun ");
            var leap = WriteBatch.Options.of(Durability.MEMORY).withSeq(1L << 40);
            db.commit(new WriteBatch().put(key(5), Bytes.utf8("x")), leap);
            assertThrows(Conflict.class, ingest::commit);
            put(db, 5, 6, "goes on ");
            assertEquals(model, contents(db));
        }
    }

    @Test
    void shouldMakeTransactionsThatSawWhatWasBeforeLose() {
        try (HoldfastDb db = open()) {
            put(db, 0, 10, "before ");
            Transaction touched = db.begin(IsolationLevel.SERIALIZABLE);
            assertNotNull(touched.get(key(5)));
            touched.put(key(900), Bytes.EMPTY);
            Transaction ranged = db.begin(IsolationLevel.SERIALIZABLE);
            try (Scan scan = ranged.scan(KeyRange.of(key(100), key(200)))) {
                assertFalse(scan.next());
            }
            ranged.put(key(901), Bytes.EMPTY);
            Transaction apart = db.begin(IsolationLevel.SERIALIZABLE);
            assertNull(apart.get(key(700)));
            apart.put(key(902), Bytes.EMPTY);
            var view = db.view();
            assertNotNull(view.get(key(5)));

            ingest(db, 5, 150, "ingested ");

            assertThrows(Conflict.class, () -> touched.commit(Durability.MEMORY));
            assertThrows(Conflict.class, () -> ranged.commit(Durability.MEMORY));
            apart.commit(Durability.MEMORY);
            assertThrows(
                    Conflict.class,
                    () -> db.writeIfUnchanged(view, new WriteBatch().delete(key(5)), null));
            try (Transaction later = db.begin(IsolationLevel.SERIALIZABLE)) {
                assertEquals(Bytes.utf8("ingested 5"), later.get(key(5)));
                later.put(key(5), Bytes.utf8("later"));
                later.commit(Durability.MEMORY);
            }
        }
    }

    @Test
    void shouldComeBetweenTheCommitsOfOthers() throws InterruptedException {
        try (HoldfastDb db = open()) {
            var seqs = new ArrayList<Long>();
            var numbers = new ArrayList<Long>();
            Runnable write =
                    () -> {
                        var batch = new WriteBatch();
                        batch.put(key(90_000), Bytes.utf8(String.valueOf(seqs.size())));
                        seqs.add(db.write(batch, Durability.MEMORY));
                    };
            beside(
                    List.of(write),
                    () -> {
                        for (int round = 0; round < 5; round++)
                            numbers.add(ingest(db, round * 100, round * 100 + 150, "r").seq());
                    });
            model.put(key(90_000).toUtf8(), String.valueOf(seqs.size() - 1));
            assertEquals(model, contents(db));
            for (int i = 1; i < seqs.size(); i++) assertTrue(seqs.get(i - 1) < seqs.get(i));
            for (long number : numbers) assertFalse(seqs.contains(number));
        }
        try (HoldfastDb db = open()) {
            assertEquals(model, contents(db));
        }
    }

    private void repeat(Runnable each, AtomicBoolean isOver) {
        try {
            while (!isOver.get()) {
                each.run();
                env.sleep(Duration.ofMillis(1));
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// Runs `body` while each of `others` is run again and again on a thread of its own.
    private void beside(List<Runnable> others, Runnable body) throws InterruptedException {
        var isOver = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        try {
            for (Runnable each : others)
                threads.add(
                        Thread.ofPlatform()
                                .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                                .start(() -> repeat(each, isOver)));
            body.run();
        } finally {
            isOver.set(true);
            for (Thread thread : threads) thread.join();
        }
        assertEquals(List.of(), failures);
    }

    @Test
    void shouldNotBePublishedByAWriterThatWasFenced() {
        HoldfastDb old = open();
        Db.Ingest ingest = old.ingest(SMALL);
        fill(ingest, 0, 100, "fenced ");
        try (HoldfastDb db = open()) {
            put(db, 50, 60, "newer ");
            var closed = assertThrows(Closed.class, ingest::commit);
            assertEquals(Closed.Reason.FENCED, closed.reason());
            ingest.close();
            ingest(db, 200, 210, "ingested ");
            assertEquals(model, contents(db));
        }
        old.close();
    }

    @Test
    void shouldGoOnBehindALocalLog() {
        try (HoldfastDb db = openLocal()) {
            put(db, 0, 100, "before ");
            ingest(db, 50, 300, "ingested ");
            put(db, 100, 120, "after ");
            ingest(db, 110, 115, "again ");
            for (int i = 112; i < 130; i++) {
                db.write(new WriteBatch().put(key(i), Bytes.utf8("x" + i)), Durability.LOCAL);
                model.put(key(i).toUtf8(), "x" + i);
            }
            assertEquals(model, contents(db));
            db.shutdown(Mode.FAST, Duration.ofSeconds(20));
        }
        try (HoldfastDb db = openLocal()) {
            assertEquals(model, contents(db));
            put(db, 0, 5, "reopened ");
            ingest(db, 3, 8, "reopened too ");
            assertEquals(model, contents(db));
        }
        try (HoldfastDb db = openLocal()) {
            assertEquals(model, contents(db));
        }
    }

    @Test
    void shouldBeToldInItsPlaceInTheStreamOfChanges() throws InterruptedException {
        List<String> told = new ArrayList<>();
        try (HoldfastDb db = open()) {
            put(db, 0, 2, "before ");
            long first = ingest(db, 10, 30, "one ").seq();
            long second = ingest(db, 20, 50, "two ").seq();
            put(db, 2, 4, "after ");
            db.flush();
            long third = ingest(db, 60, 61, "three ").seq();
            var settings = ChangeStream.Settings.unnamed().from(new Start.Oldest());
            ChangeStream.Position middle = null;
            try (ChangeStream changes = builder().changes(settings)) {
                for (Batch next = next(changes); next != null; next = next(changes)) {
                    told.add(wordOf(next));
                    if (next.seq() == first) middle = next.next();
                }
            }
            var expected =
                    List.of(
                            "1: key00000",
                            "2: key00001",
                            first + ": 20 from key00010 to key00029",
                            second + ": 30 from key00020 to key00049",
                            (second + 1) + ": key00002",
                            (second + 2) + ": key00003",
                            third + ": 1 from key00060 to key00060");
            assertEquals(expected, told);
            assertNotNull(middle);
            told.clear();
            try (ChangeStream changes =
                    builder().changes(ChangeStream.Settings.unnamed().from(middle))) {
                for (Batch next = next(changes); next != null; next = next(changes))
                    told.add(wordOf(next));
            }
            assertEquals(expected.subList(3, 7), told);
        }
    }

    /// Each ingest sets all of some keys to one value, while others write, flush and compact.
    @Test
    void shouldBeWholeToReadersBesideACompactor() throws InterruptedException {
        CompactionSettings eager =
                CompactionSettings.defaults().withTableSize(ByteSize.kibibytes(4));
        Settings settings = TINY.but().compaction(eager).build();
        try (HoldfastDb db = builder().settings(settings).open()) {
            ingestAll(db, 0);
            var writes = new AtomicInteger();
            Runnable write =
                    () ->
                            db.put(
                                    key(50_000 + writes.incrementAndGet() % 500),
                                    Bytes.utf8("x".repeat(100)));
            Runnable lookBeside =
                    () -> {
                        try (DbReader reader = builder().openReader()) {
                            assertWhole(reader);
                        }
                    };
            beside(
                    List.of(() -> assertWhole(db), lookBeside, write),
                    () -> {
                        for (int round = 1; round <= 8; round++) ingestAll(db, round);
                    });
            assertEquals(Bytes.utf8("8"), db.get(key(17)));
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }

    private static void ingestAll(Db db, int round) {
        try (Db.Ingest ingest = db.ingest(SMALL)) {
            for (int i = 0; i < 150; i++) ingest.put(key(i), Bytes.utf8(String.valueOf(round)));
            ingest.commit();
        }
    }

    private static void assertWhole(Reads db) {
        var values = new TreeSet<String>();
        int rows = 0;
        try (Scan scan = db.scan(KeyRange.of(key(0), key(150)))) {
            for (; scan.next(); rows++) values.add(scan.value().toUtf8());
        }
        assertEquals(150, rows);
        assertEquals(1, values.size(), values.toString());
    }

    private static Batch next(ChangeStream changes) throws InterruptedException {
        return changes.next(Duration.ZERO);
    }

    private static String wordOf(Batch batch) {
        ChangeStream.Ingested ingested = batch.ingested();
        return batch.seq()
                + ": "
                + (ingested == null
                        ? batch.rows().getFirst().key().toUtf8()
                        : "%d from %s to %s"
                                .formatted(
                                        ingested.rows(),
                                        ingested.firstKey().toUtf8(),
                                        ingested.lastKey().toUtf8()));
    }

    @Test
    void shouldRemoveARangeAsOneCommitOrInSteps() {
        try (HoldfastDb db = open()) {
            put(db, 0, 300, "before ");
            db.flushMemtables();
            long before = db.watermarks().applied();
            assertEquals(100, db.deleteRange(KeyRange.of(key(50), key(150))));
            assertEquals(before + 1, db.watermarks().applied());
            model.subMap(key(50).toUtf8(), key(150).toUtf8()).clear();
            assertEquals(model, contents(db));
            assertEquals(0, db.deleteRange(KeyRange.of(key(50), key(150))));
            int steps = 0;
            for (Bytes at = key(200); at != null; steps++)
                at = db.deleteInSteps(KeyRange.of(at, key(290)), 25);
            assertEquals(4, steps);
            model.subMap(key(200).toUtf8(), key(290).toUtf8()).clear();
            assertEquals(model, contents(db));
        }
        try (DbReader reader = builder().openReader()) {
            assertEquals(model, contents(reader));
        }
    }
}
