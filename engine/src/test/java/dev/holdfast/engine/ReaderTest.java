package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.gc.Collector;
import dev.holdfast.engine.gc.ShiftedEnv;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Readers beside a writer, on one store.
@Timeout(60)
class ReaderTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Settings TINY =
            Settings.defaults()
                    .but()
                    .flushInterval(Duration.ofMillis(5))
                    .l0SstSize(ByteSize.kibibytes(4))
                    .unflushedMax(ByteSize.mebibytes(4))
                    .blockCacheSize(ByteSize.bytes(1))
                    .closeTimeout(Duration.ofSeconds(10))
                    .untended()
                    .build();

    private final ShiftedEnv env = new ShiftedEnv();
    private final CountingStore objects = new CountingStore(new MemoryStore(env));
    private final MoodyStore store = new MoodyStore(objects);
    private final SortedMap<String, String> model = new TreeMap<>();
    private final HoldfastDb db = open(TINY);
    private long seq;

    private HoldfastDb open(Settings settings) {
        return Engine.builder(objects, "db").settings(settings).env(env).open();
    }

    private HoldfastReader read(ReaderSettings settings) {
        return Engine.builder(store, "db").settings(TINY).env(env).openReader(settings);
    }

    private static ReaderSettings latest() {
        return ReaderSettings.latest().withPolls(Duration.ofMillis(5), Duration.ofMillis(20));
    }

    private void write(HoldfastDb writer, int count) {
        for (int i = 0; i < count; i++) {
            String key = "key" + (model.size() * 7 + i) % 90;
            String value = "value " + i + " at " + seq;
            var batch = new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(value));
            seq = writer.write(batch, Durability.MEMORY);
            model.put(key, value);
        }
        writer.flush();
    }

    private static SortedMap<String, String> contents(Reads reads) {
        var found = new TreeMap<String, String>();
        try (Scan scan = reads.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return found;
    }

    private void compactAll() throws InterruptedException {
        env.shift(Duration.ofSeconds(1)); // a collector spares what is as young as a compaction
        CompactionSettings all =
                CompactionSettings.defaults()
                        .withStyle(Style.EVERYTHING)
                        .withTableSize(ByteSize.kibibytes(1));
        try (var compactor =
                new StandaloneCompactor(objects, "db", TINY.but().compaction(all).build(), env)) {
            compactor.start();
            compactor.awaitIdle(SOON);
        }
    }

    // Everything old and unneeded goes, what the checkpoint of a compaction kept included.
    private void replaceAndCollect() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            write(db, 30);
            db.flushMemtables();
            compactAll();
            env.shift(Duration.ofMinutes(30));
            collect();
            collect();
        }
    }

    private void collect() throws InterruptedException {
        var rules = new CollectionRules(Duration.ofMinutes(5), Sweep.REMOVE);
        new Collector(objects, "db", rules, env, Token.standalone(env)).collect();
    }

    private ManifestVersion newestManifest() {
        ManifestVersion newest = new ManifestStore(objects, "db", env).latest();
        assertNotNull(newest);
        return newest;
    }

    private long written() {
        return objects.calls(Operation.PUT)
                + objects.calls(Operation.PUT_IF_ABSENT)
                + objects.calls(Operation.DELETE);
    }

    @AfterEach
    void end() {
        store.answer();
        db.close();
    }

    @Test
    void shouldFollowTheLogAndTheTables() throws InterruptedException {
        write(db, 10);
        try (HoldfastReader reader = read(latest())) {
            for (int round = 0; round < 10; round++) {
                assertEquals(model, contents(reader), "round " + round);
                for (var row : model.entrySet())
                    assertEquals(Bytes.utf8(row.getValue()), reader.get(Bytes.utf8(row.getKey())));
                write(db, 40);
                if (round % 3 == 1) db.flushMemtables();
                if (round % 5 == 2) compactAll();
                reader.awaitSeq(seq, SOON);
            }
            var status = reader.status();
            assertEquals(seq, status.seq());
            assertEquals(0, status.failedLooks());
            assertTrue(status.age().compareTo(SOON) < 0, status.toString());
        }
    }

    @Test
    void shouldFollowFromOneWriterToTheNext() throws InterruptedException {
        write(db, 10);
        try (HoldfastReader reader = read(latest())) {
            try (HoldfastDb next = open(TINY)) {
                write(next, 30);
                reader.awaitSeq(seq, SOON);

                assertEquals(model, contents(reader));
            }
        }
    }

    @Test
    void shouldStayOnOneMomentInAView() throws InterruptedException {
        write(db, 30);
        var then = new TreeMap<>(model);
        try (HoldfastReader reader = read(latest());
                ReadView view = reader.view();
                Scan scan = view.scan(KeyRange.all())) {
            assertTrue(scan.next());
            write(db, 200);
            db.flushMemtables();
            compactAll();
            reader.awaitSeq(seq, SOON);

            int rest = 1;
            while (scan.next()) rest++;
            assertEquals(then, contents(view));
            assertEquals(then.size(), rest);
            assertEquals(model, contents(reader));
        }
    }

    @Test
    void shouldWriteNothingButItsOwnCheckpoint() throws InterruptedException {
        write(db, 30);
        try (HoldfastReader holding = read(ReaderSettings.heldCheckpoint(SOON))) {
            long before = written();
            UUID checkpoint = holding.status().checkpoint();
            assertNotNull(checkpoint);
            try (HoldfastReader reader = read(latest());
                    HoldfastReader there = read(ReaderSettings.atCheckpoint(checkpoint))) {
                assertEquals(model, contents(reader));
                contents(there);
                assertEquals(checkpoint, there.status().checkpoint());
            }
            assertEquals(before, written());
        }
        assertEquals(List.of(), newestManifest().manifest().checkpoints());
    }

    @Test
    void shouldRefuseWhatIsNotThere() {
        assertThrows(
                Invalid.class, () -> Engine.openReader(objects, "other", ReaderSettings.latest()));
        assertThrows(
                Invalid.class, () -> read(ReaderSettings.atCheckpoint(new UUID(0x4000, 1L << 63))));
    }

    @Test
    void shouldTakeNoMoreOfTheLogThanThereIsMemoryFor() throws InterruptedException {
        try (HoldfastDb large = open(TINY.but().l0SstSize(ByteSize.mebibytes(4)).build())) {
            for (int i = 0; i < 100; i++) write(large, 10);
            try (HoldfastReader reader = read(latest().withTailMax(ByteSize.kibibytes(8)))) {
                assertTrue(reader.status().isBehind(), reader.status().toString());
                assertTrue(reader.status().tailBytes() < 16 << 10, reader.status().toString());
                assertTrue(reader.status().seq() < seq);

                large.flushMemtables();
                reader.awaitSeq(seq, SOON);

                assertEquals(model, contents(reader));
            }
        }
        assertThrows(
                Unavailable.class,
                () -> {
                    try (HoldfastDb large =
                            open(TINY.but().l0SstSize(ByteSize.mebibytes(4)).build())) {
                        for (int i = 0; i < 50; i++) write(large, 10);
                        var held = ReaderSettings.heldCheckpoint(SOON);
                        read(held.withTailMax(ByteSize.kibibytes(8)));
                    }
                });
        assertEquals(List.of(), newestManifest().manifest().checkpoints());
    }

    @Test
    void shouldKeepItsMomentFromCollectorsByItsCheckpoint() throws InterruptedException {
        write(db, 60);
        db.flushMemtables();
        write(db, 5);
        var then = new TreeMap<>(model);
        try (HoldfastReader reader = read(ReaderSettings.heldCheckpoint(Duration.ofHours(4)))) {
            replaceAndCollect();

            assertEquals(then, contents(reader));
            assertEquals(Bytes.utf8(then.get("key0")), reader.get(Bytes.utf8("key0")));
        }
        replaceAndCollect();
        assertTrue(Engine.fsck(objects, "db").isSound());
    }

    @Test
    void shouldExtendItsCheckpointBeforeItEnds() throws InterruptedException {
        write(db, 10);
        try (HoldfastReader reader = read(ReaderSettings.heldCheckpoint(Duration.ofSeconds(5)))) {
            long until = newestManifest().manifest().checkpoints().getFirst().expireSeconds();
            Deadline deadline = Deadline.after(env, SOON);
            while (newestManifest().manifest().checkpoints().getFirst().expireSeconds() == until)
                env.sleep(Duration.ofMillis(50));

            assertTrue(!deadline.isExpired());
            assertEquals(model, contents(reader));
        }
    }

    @Test
    void shouldSayThatItsCheckpointIsGone() throws InterruptedException {
        write(db, 60);
        db.flushMemtables();
        HoldfastReader reader = read(ReaderSettings.heldCheckpoint(Duration.ofHours(4)));
        UUID checkpoint = reader.status().checkpoint();
        assertNotNull(checkpoint);
        HoldfastReader there = read(ReaderSettings.atCheckpoint(checkpoint));
        var manifests = new ManifestStore(objects, "db", env);
        manifests.publish(
                newestManifest(),
                new ManifestEdit.CheckpointsEnded(Set.of(checkpoint), 0),
                new Editor.Guest(),
                new ManifestStore.Patience(Deadline.after(env, SOON), Token.standalone(env)));
        replaceAndCollect();

        for (HoldfastReader each : List.of(reader, there)) {
            Closed met = assertThrows(Closed.class, () -> contents(each));
            assertEquals(Closed.Reason.EXPIRED, met.reason());
            assertThrows(Closed.class, () -> each.get(Bytes.utf8("key0")));
            each.close();
        }
    }

    @Test
    @Tag("OBJ-13")
    void shouldGoOnWhenCollectorsHaveTakenWhatItShowed() throws InterruptedException {
        write(db, 60);
        db.flushMemtables();
        // Nobody looks by himself for as long as this takes.
        var lazy = ReaderSettings.latest().withPolls(Duration.ofHours(1), Duration.ofHours(1));
        try (HoldfastReader reader = read(lazy);
                ReadView view = reader.view();
                Scan scan = view.scan(KeyRange.all())) {
            replaceAndCollect();

            assertEquals(Bytes.utf8(model.get("key0")), reader.get(Bytes.utf8("key0")));
            assertEquals(model, contents(reader));
            assertThrows(Conflict.class, () -> view.get(Bytes.utf8("key0")));
            assertThrows(Conflict.class, scan::next);
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenTheNewestManifestNamesIt() throws InterruptedException {
        write(db, 60);
        db.flushMemtables();
        try (HoldfastReader reader = read(latest())) {
            for (var table : objects.list("db/compacted/", null, 1000))
                objects.delete(table.name());

            assertThrows(CorruptData.class, () -> contents(reader));
            assertThrows(CorruptData.class, () -> reader.get(Bytes.utf8("key0")));
        }
    }

    @Test
    @Tag("RD-01")
    void shouldGrowOldAndSaySoWhenTheStoreIsDead() throws InterruptedException {
        write(db, 60);
        db.flushMemtables();
        Settings cached = TINY.but().blockCacheSize(ByteSize.mebibytes(1)).build();
        try (HoldfastReader reader =
                        Engine.builder(store, "db").settings(cached).openReader(latest());
                HoldfastReader strict = read(latest().withStalenessMax(Duration.ofMillis(200)))) {
            assertEquals(model, contents(reader));
            assertEquals(model, contents(strict));
            store.die();
            Deadline deadline = Deadline.after(env, SOON);
            while (strict.status().age().compareTo(Duration.ofMillis(300)) < 0)
                env.sleep(Duration.ofMillis(10));

            assertTrue(!deadline.isExpired());
            assertEquals(model, contents(reader), "what is in memory is served on");
            assertThrows(Unavailable.class, () -> contents(strict));
            assertThrows(Unavailable.class, () -> strict.get(Bytes.utf8("key0")));
            assertNotNull(strict.status().trouble());
            assertTrue(0 < strict.status().failedLooks());

            store.answer();
            write(db, 1);
            strict.awaitSeq(seq, SOON);
            while (strict.status().trouble() != null) env.sleep(Duration.ofMillis(1));
            assertEquals(model, contents(strict));
        }
    }

    @Test
    void shouldStayWhereItIsBeforeADamagedManifest() throws InterruptedException {
        write(db, 60);
        try (HoldfastReader reader = read(latest());
                HoldfastReader strict = read(latest().withStalenessMax(Duration.ofMillis(200)))) {
            long next = newestManifest().id() + 1;
            String name = "db/manifest/%020d.manifest".formatted(next);
            objects.put(name, List.of(Bytes.utf8("no manifest at all")));
            Deadline deadline = Deadline.after(env, SOON);
            while (strict.status().trouble() == null
                    || strict.status().age().compareTo(Duration.ofMillis(300)) < 0)
                env.sleep(Duration.ofMillis(10));

            assertTrue(!deadline.isExpired());
            assertEquals(model, contents(reader));
            assertThrows(CorruptData.class, () -> contents(strict));
            objects.delete(name);
        }
    }

    @Test
    void shouldCloseInTimeWhateverTheStoreDoes() {
        write(db, 60);
        for (ReaderSettings settings :
                List.of(latest(), ReaderSettings.heldCheckpoint(Duration.ofHours(1)))) {
            HoldfastReader reader = read(settings);
            store.hang();
            long start = Env.system().nanoTime();

            reader.shutdown(Mode.SMART, Duration.ofSeconds(2));

            long took = Env.system().nanoTime() - start;
            store.answer();
            assertTrue(took < Duration.ofSeconds(4).toNanos(), "took " + took);
            Closed met = assertThrows(Closed.class, () -> contents(reader));
            assertEquals(Closed.Reason.CLEAN, met.reason());
        }
    }

    @Test
    void shouldGiveItsMemoryBack() throws InterruptedException {
        var memory = new EngineMemory(ByteSize.mebibytes(64));
        write(db, 60);
        for (ReaderSettings settings : List.of(latest(), ReaderSettings.heldCheckpoint(SOON))) {
            try (HoldfastReader reader =
                    Engine.builder(objects, "db")
                            .settings(TINY)
                            .env(env)
                            .memory(memory)
                            .openReader(settings)) {
                assertEquals(reader.status().tailBytes(), memory.usage().memtables());
                assertTrue(0 < memory.usage().memtables());
            }
            assertEquals(0, memory.usage().total());
        }
    }
}
