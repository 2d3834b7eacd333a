package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.ChangeStream.Batch;
import dev.holdfast.engine.api.ChangeStream.Kind;
import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.engine.api.ChangeStream.Row;
import dev.holdfast.engine.api.ChangeStream.Start;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.ChangesMissing;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.gc.Collector;
import dev.holdfast.engine.gc.ShiftedEnv;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every commit as a stream, beside a writer, on one store.
@Timeout(60)
class ChangeStreamTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Settings TINY =
            Settings.defaults()
                    .but()
                    .flushInterval(Duration.ofMillis(5))
                    .l0SstSize(ByteSize.kibibytes(2))
                    .unflushedMax(ByteSize.mebibytes(4))
                    .closeTimeout(Duration.ofSeconds(10))
                    .writeTimeout(SOON)
                    .untended()
                    .build();

    @TempDir private Path folder;
    private final ShiftedEnv env = new ShiftedEnv();
    private final CountingStore store = new CountingStore(new MemoryStore(env));
    private final List<HoldfastDb> open = new ArrayList<>();

    private HoldfastDb open() {
        HoldfastDb db = Engine.builder(store, "db").settings(TINY).env(env).open();
        open.add(db);
        return db;
    }

    private HoldfastDb openLocal(LocalSettings local) {
        HoldfastDb db = Engine.builder(store, "db").settings(TINY).env(env).local(local).open();
        open.add(db);
        return db;
    }

    private LocalSettings local() {
        return LocalSettings.in(folder.resolve("local"))
                .withSegmentSize(ByteSize.kibibytes(64))
                .withCacheSize(ByteSize.bytes(0))
                .withShipInterval(Duration.ofSeconds(30));
    }

    private ChangeStream read(ChangeStream.Settings settings) {
        var quick = settings.withPolls(Duration.ofMillis(2), Duration.ofMillis(10));
        return Engine.builder(store, "db").settings(TINY).env(env).changes(quick);
    }

    private static ChangeStream.Settings unnamed(Start start) {
        return ChangeStream.Settings.unnamed().from(start);
    }

    private static ChangeStream.Settings named(Start start) {
        return ChangeStream.Settings.named("test").from(start).withLease(LEASE);
    }

    private static void write(HoldfastDb db, long from, long to) {
        for (long i = from; i <= to; i++) {
            var batch =
                    new WriteBatch()
                            .put(Bytes.utf8("a" + i % 7), Bytes.utf8("value " + i))
                            .put(Bytes.utf8("b" + i % 5), Bytes.utf8("x".repeat(100)));
            assertEquals(i, db.write(batch, Durability.MEMORY));
        }
        db.flush();
    }

    private static List<Long> take(ChangeStream changes, int count) throws InterruptedException {
        var seqs = new ArrayList<Long>();
        while (seqs.size() < count) {
            Batch batch = changes.next(SOON);
            assertNotNull(batch, "after " + seqs);
            assertEquals(2, batch.rows().size());
            assertEquals(Bytes.utf8("value " + batch.seq()), batch.rows().getFirst().value());
            assertEquals(batch.next(), changes.position());
            seqs.add(batch.seq());
        }
        return seqs;
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private void compactAll() throws InterruptedException {
        env.shift(Duration.ofSeconds(1));
        CompactionSettings all =
                CompactionSettings.defaults().withStyle(CompactionSettings.Style.EVERYTHING);
        Settings settings = TINY.but().compaction(all).build();
        try (var compactor = Engine.builder(store, "db").settings(settings).env(env).compactor()) {
            compactor.start();
            compactor.awaitIdle(SOON);
        }
    }

    private void collect() throws InterruptedException {
        var rules = new CollectionRules(Duration.ofMinutes(5), Sweep.REMOVE);
        new Collector(store, "db", rules, env, Token.standalone(env)).collect();
    }

    private void flushAndCollect(HoldfastDb db) throws InterruptedException {
        db.flushMemtables();
        env.shift(Duration.ofMinutes(6));
        collect();
        collect();
    }

    private ManifestVersion newest() {
        ManifestVersion newest = new ManifestStore(store, "db", env).latest();
        assertNotNull(newest);
        return newest;
    }

    @AfterEach
    void end() {
        open.forEach(HoldfastDb::close);
    }

    @Test
    void shouldTellWhatACommitDid() throws InterruptedException {
        HoldfastDb db = open();
        long before = env.currentTimeMillis();
        db.write(
                new WriteBatch()
                        .put(Bytes.utf8("k"), Bytes.utf8("v"))
                        .put(Bytes.utf8("e"), Bytes.utf8("w"), before + 100_000)
                        .delete(Bytes.utf8("d")),
                Durability.REMOTE);
        try (ChangeStream changes = read(unnamed(new Start.Oldest()))) {
            Batch batch = changes.next(SOON);
            assertNotNull(batch);
            assertEquals(1, batch.seq());
            Long created = batch.rows().getFirst().createdAtMillis();
            assertNotNull(created);
            assertTrue(before <= created && created <= env.currentTimeMillis());
            assertEquals(
                    List.of(
                            new Row(Bytes.utf8("k"), Kind.PUT, Bytes.utf8("v"), created, null),
                            new Row(
                                    Bytes.utf8("e"),
                                    Kind.PUT,
                                    Bytes.utf8("w"),
                                    created,
                                    before + 100_000),
                            new Row(Bytes.utf8("d"), Kind.DELETE, Bytes.EMPTY, created, null)),
                    batch.rows());
            assertNull(changes.next(Duration.ofMillis(20)));
        }
    }

    @Test
    void shouldGoOnBehindAnyBatch() throws InterruptedException {
        HoldfastDb db = open();
        write(db, 1, 10);
        for (int i = 11; i <= 20; i++) write(db, i, i);
        var positions = new ArrayList<Position>();
        try (ChangeStream changes = read(unnamed(new Start.Oldest()))) {
            positions.add(changes.position());
            for (int i = 0; i < 20; i++) {
                take(changes, 1);
                positions.add(changes.position());
            }
        }
        for (int i = 0; i < positions.size(); i++) {
            Position kept = Position.parse(positions.get(i).toString());
            try (ChangeStream changes = read(unnamed(new Start.At(kept)))) {
                assertEquals(range(i + 1, 20), take(changes, 20 - i), "from " + kept);
                assertNull(changes.next(Duration.ZERO));
            }
        }
    }

    @Test
    void shouldBeginWhereItIsTold() throws InterruptedException {
        HoldfastDb db = open();
        write(db, 1, 30);
        Position shown;
        try (HoldfastReader reader = Engine.openReader(store, "db", ReaderSettings.latest())) {
            shown = Position.behind(reader.status());
        }
        try (ChangeStream now = read(unnamed(new Start.Now()));
                ChangeStream behind = read(unnamed(new Start.At(shown)));
                ChangeStream oldest = read(unnamed(new Start.Oldest()))) {
            write(db, 31, 40);

            assertEquals(range(31, 40), take(now, 10));
            assertEquals(range(31, 40), take(behind, 10));
            assertEquals(range(1, 40), take(oldest, 40));
        }
    }

    @Test
    void shouldSeeEveryCommitAcrossFlushesCompactionsCollectionsAndWriters()
            throws InterruptedException {
        HoldfastDb db = open();
        var settings = named(new Start.Now()).withLease(Duration.ofHours(2));
        try (ChangeStream changes = read(settings)) {
            for (int round = 0; round < 8; round++) {
                write(db, 1 + 40L * round, 40L * round + 40);
                if (round % 3 == 1) compactAll();
                flushAndCollect(db);
                if (round % 2 == 1) db = open();
            }
            assertEquals(range(1, 320), take(changes, 320));
        }
    }

    @Test
    void shouldHoldTheLogForANameAndLetItGoOnceAcknowledged() throws InterruptedException {
        HoldfastDb db = open();
        write(db, 1, 5);
        read(named(new Start.Oldest())).close();
        for (int i = 6; i <= 60; i += 5) write(db, i, i + 4);
        flushAndCollect(db);
        try (ChangeStream changes = read(named(new Start.Acknowledged()))) {
            assertEquals(range(1, 40), take(changes, 40));
            changes.acknowledge(changes.position());
        }
        flushAndCollect(db);
        try (ChangeStream changes = read(named(new Start.Acknowledged()))) {
            assertEquals(range(41, 60), take(changes, 20));
        }
        ChangesMissing gone =
                assertThrows(
                        ChangesMissing.class,
                        () -> {
                            try (var old = read(unnamed(new Start.At(new Position(1, 0))))) {
                                take(old, 1);
                            }
                        });
        assertEquals(0, gone.gap().afterSeq());
        assertEquals(60, gone.gap().throughSeq());
    }

    @Test
    void shouldSayWhatIsGoneOnceTheLeaseIsOver() throws InterruptedException {
        HoldfastDb db = open();
        ChangeStream changes = read(named(new Start.Now()));
        write(db, 1, 10);
        assertEquals(range(1, 5), take(changes, 5));
        changes.acknowledge(changes.position());
        Position kept = changes.position();
        changes.close();
        env.shift(LEASE.plusMinutes(2));
        write(db, 11, 20);
        flushAndCollect(db);
        flushAndCollect(db);

        assertEquals(List.of(), newest().manifest().checkpoints());
        assertThrows(Invalid.class, () -> read(named(new Start.Acknowledged())));
        try (ChangeStream late = read(named(new Start.At(kept)))) {
            ChangesMissing gone = assertThrows(ChangesMissing.class, () -> late.next(SOON));
            assertEquals(5, gone.gap().afterSeq());
            assertEquals(20, gone.gap().throughSeq());
            assertThrows(ChangesMissing.class, () -> late.next(SOON));
            try (ChangeStream again = read(named(new Start.At(gone.gap().resume())))) {
                write(db, 21, 25);
                assertEquals(range(21, 25), take(again, 5));
            }
        }
    }

    @Test
    void shouldTakeItsNameAnewWhereNothingWasLost() throws InterruptedException {
        HoldfastDb db = open();
        write(db, 1, 3);
        try (ChangeStream changes = read(named(new Start.Now()))) {
            env.shift(LEASE.plusMinutes(2));
            collect();
            assertEquals(List.of(), newest().manifest().checkpoints());
            write(db, 4, 10);
            assertEquals(range(4, 10), take(changes, 7));
        }
        read(named(new Start.Oldest())).forget();
        assertEquals(List.of(), newest().manifest().checkpoints());
    }

    @Test
    void shouldHaveTheWholeLogFromAWriterWithALocalDisk() throws InterruptedException {
        open().close();
        try (ChangeStream changes = read(named(new Start.Now()))) {
            HoldfastDb db = openLocal(local());
            write(db, 1, 400);
            for (int i = 0; i < 5; i++) {
                for (long seq = 401 + 40L * i; seq <= 440 + 40L * i; seq++)
                    db.write(
                            new WriteBatch()
                                    .put(Bytes.utf8("a"), Bytes.utf8("value " + seq))
                                    .delete(Bytes.utf8("b")),
                            Durability.LOCAL);
                db.flushMemtables();
            }
            LocalStatus status = db.local();
            assertNotNull(status);
            assertEquals(0, status.commitsElided());
            assertEquals(range(1, 600), take(changes, 600));
        }
    }

    @Test
    void shouldRefuseANameWhereAWriterLeavesCommitsOut() throws InterruptedException {
        HoldfastDb db = openLocal(local());
        assertThrows(Invalid.class, () -> read(named(new Start.Now())));
        assertEquals(List.of(), newest().manifest().checkpoints());
        try (ChangeStream changes = read(unnamed(new Start.Now()))) {
            for (long seq = 1; seq <= 100; seq++)
                db.write(new WriteBatch().put(Bytes.utf8("a"), Bytes.utf8("b")), Durability.LOCAL);
            db.flushMemtables();
            for (int i = 0; i < 1000 && newest().manifest().lastL0Seq() < 100; i++)
                changes.next(Duration.ofMillis(1));
            db.write(new WriteBatch().put(Bytes.utf8("a"), Bytes.utf8("c")), Durability.REMOTE);
            LocalStatus status = db.local();
            assertNotNull(status);
            assertTrue(0 < status.commitsElided());

            ChangesMissing gone = assertThrows(ChangesMissing.class, () -> exhaust(changes));
            assertEquals(100, gone.gap().throughSeq());
            try (ChangeStream on = read(unnamed(new Start.At(gone.gap().resume())))) {
                Batch batch = on.next(SOON);
                assertNotNull(batch);
                assertEquals(101, batch.seq());
            }
        }
        db.close();
        db = openLocal(local().withWholeLog());
        read(named(new Start.Now())).forget();
    }

    private static void exhaust(ChangeStream changes) throws InterruptedException {
        while (changes.next(SOON) != null) {}
    }

    @Test
    void shouldRefuseWhatIsNoPosition() throws InterruptedException {
        HoldfastDb db = open();
        write(db, 1, 3);
        String good = new Position(2, 3).toString();
        assertEquals(new Position(2, 3), Position.parse(good));
        for (String bad : List.of("", "c1-2-3", good + "0", good.replace("-3-", "-4-")))
            assertThrows(Invalid.class, () -> Position.parse(bad), bad);
        assertThrows(Invalid.class, () -> read(unnamed(new Start.At(new Position(900, 3)))));
        assertThrows(Invalid.class, () -> read(ChangeStream.Settings.named("no name")));
        assertThrows(
                Invalid.class,
                () -> Engine.changes(store, "other", ChangeStream.Settings.unnamed()));
        assertFalse(newest().manifest().checkpoints().stream().anyMatch(_ -> true));
    }

    @Test
    void shouldEndAWaitWhenItIsClosed() throws Exception {
        open();
        ChangeStream changes = read(unnamed(new Start.Now()));
        var ended = new CompletableFuture<Throwable>();
        Thread reader =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                changes.next(Duration.ofHours(1));
                                ended.completeExceptionally(new AssertionError("returned"));
                            } catch (Closed | InterruptedException told) {
                                ended.complete(told);
                            }
                        });
        while (reader.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
        changes.close();
        assertTrue(ended.get() instanceof Closed);
        reader.join();
        assertThrows(Closed.class, () -> changes.next(Duration.ZERO));
    }

    @Test
    void shouldWriteNothingWithoutAName() throws InterruptedException {
        HoldfastDb db = open();
        write(db, 1, 10);
        db.close();
        long before = written();
        try (ChangeStream changes = read(unnamed(new Start.Oldest()))) {
            assertEquals(range(1, 10), take(changes, 10));
            assertThrows(Invalid.class, () -> changes.acknowledge(changes.position()));
        }
        assertEquals(before, written());
    }

    private long written() {
        return store.calls(Operation.PUT)
                + store.calls(Operation.PUT_IF_ABSENT)
                + store.calls(Operation.DELETE);
    }

    @Test
    void shouldGoOnOnceTheStoreAnswersAgain() throws InterruptedException {
        HoldfastDb db = open();
        write(db, 1, 10);
        var moody = new MoodyStore(store);
        var quick =
                unnamed(new Start.Oldest()).withPolls(Duration.ofMillis(2), Duration.ofMillis(10));
        try (ChangeStream changes = Engine.builder(moody, "db").env(env).changes(quick)) {
            assertEquals(range(1, 2), take(changes, 2));
            write(db, 11, 20);
            moody.die();
            assertThrows(
                    Unavailable.class,
                    () -> {
                        for (int i = 0; i < 100; i++) changes.next(Duration.ofMillis(1));
                    });
            moody.answer();
            long last = changes.position().seq();
            assertEquals(range(last + 1, 20), take(changes, (int) (20 - last)));
        }
    }
}
