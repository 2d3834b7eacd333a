package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a compaction does when the store fails under it, or its tables are not what they should be.
@Timeout(120)
class CompactionFaultTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// A store whose tables answer otherwise from some moment on.
    private static final class Tables extends ForwardingStore {
        private final AtomicInteger readsToRefuse = new AtomicInteger();
        private final AtomicInteger putsToRefuse = new AtomicInteger();
        private final AtomicInteger reads = new AtomicInteger();
        private volatile UnaryOperator<Bytes> bodies = UnaryOperator.identity();
        private volatile String spoiled = "never";

        Tables() {
            super(new MemoryStore());
        }

        @Override
        public Bytes get(String name) {
            return name.contains("compacted/") ? read(name, super.get(name)) : super.get(name);
        }

        @Override
        public Bytes get(String name, long offset, int length) {
            return read(name, super.get(name, offset, length));
        }

        private Bytes read(String name, Bytes body) {
            reads.incrementAndGet();
            if (0 < readsToRefuse.getAndUpdate(left -> Math.max(0, left - 1)))
                throw new ObjectStoreException.Unavailable("no answer", null);
            return name.contains(spoiled) ? bodies.apply(body) : body;
        }

        @Override
        public PutResult put(String name, List<Bytes> parts) {
            if (0 < putsToRefuse.getAndUpdate(left -> Math.max(0, left - 1)))
                throw new ObjectStoreException.Refused("no room", null);
            return super.put(name, parts);
        }
    }

    private final Tables store = new Tables();
    private final Settings settings =
            Settings.defaults()
                    .but()
                    .l0SstSize(ByteSize.kibibytes(64))
                    .blockSize(ByteSize.bytes(64))
                    .blockCacheSize(ByteSize.bytes(1))
                    .compaction(CompactionSettings.off())
                    .collectionInterval(Duration.ZERO)
                    .build();
    private HoldfastDb db;

    @BeforeEach
    void shouldHaveSomeTables() {
        db = Engine.open(store, "db", settings);
        for (int table = 0; table < 4; table++) {
            for (int i = 0; i < 50; i++) db.put(key(i), Bytes.utf8("v" + table));
            db.flushMemtables();
        }
    }

    @AfterEach
    void shouldHaveLostNothing() {
        store.bodies = UnaryOperator.identity();
        try (HoldfastDb again = Engine.open(store, "db", settings)) {
            for (int i = 0; i < 50; i++) assertEquals(Bytes.utf8("v3"), again.get(key(i)));
        }
        FsckReport report = Engine.fsck(store.inner, "db");
        assertTrue(report.isSound(), report.problems().toString());
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key" + (100 + i));
    }

    private StandaloneCompactor compactor() {
        CompactionSettings all =
                CompactionSettings.defaults()
                        .withStyle(Style.EVERYTHING)
                        .withTableSize(ByteSize.kibibytes(1));
        Settings compacting = settings.but().compaction(all).build();
        return new StandaloneCompactor(store, "db", compacting, Env.system());
    }

    private void compact() throws InterruptedException {
        try (StandaloneCompactor compactor = compactor()) {
            compactor.start();
            compactor.awaitIdle(PATIENCE);
            assertEquals(1, compactor.progress().compactions());
        }
    }

    private int runs() {
        db.close();
        db = Engine.open(store, "db", settings);
        return db.stats().sortedRuns();
    }

    @Test
    @Tag("CMP-06")
    void shouldPublishNothingOfACompactionThatCouldNotBegin() throws InterruptedException {
        for (int failing : new int[] {1, 2, 5}) {
            store.readsToRefuse.set(failing);
            compact();
            assertEquals(1, runs());
            for (int i = 0; i < 50; i++) db.put(key(i), Bytes.utf8("v3"));
            db.flushMemtables();
        }
    }

    @Test
    @Tag("CMP-06")
    void shouldGoOnOnceThereIsRoomForTables() throws InterruptedException {
        store.putsToRefuse.set(3);
        compact();
        db.put(Bytes.utf8("other"), Bytes.utf8("written meanwhile"));
        assertEquals(1, runs());
    }

    @Test
    @Tag("CMP-05")
    void shouldStopAtADamagedSourceAndNotTryAgainAtOnce() throws InterruptedException {
        String damaged = store.inner.list("db/compacted/", null, 10).getFirst().name().substring(3);
        store.bodies = CompactionFaultTest::flipped;
        store.spoiled = damaged;

        try (StandaloneCompactor compactor = compactor()) {
            compactor.start();
            assertThrows(CorruptData.class, () -> compactor.awaitIdle(PATIENCE));
            int reads = store.reads.get();
            Env.system().sleep(Duration.ofMillis(300));
            assertEquals(reads, store.reads.get(), "a hot loop");
            assertEquals(0, compactor.progress().compactions());
        }
        assertEquals(0, runs());
    }

    @Test
    @Tag("CMP-05")
    void shouldLeaveTheWriterAliveWhenItsCompactorMeetsDamage() throws InterruptedException {
        store.bodies = CompactionFaultTest::flipped;
        store.spoiled = store.inner.list("db/compacted/", null, 10).getFirst().name().substring(3);
        db.close();
        Settings compacting = settings.but().compaction(CompactionSettings.defaults()).build();
        db = Engine.open(store, "db", compacting);
        Env.system().sleep(Duration.ofMillis(300));

        db.put(Bytes.utf8("still"), Bytes.utf8("alive"));
        db.flush();

        assertEquals(Bytes.utf8("alive"), db.get(Bytes.utf8("still")));
        assertEquals(0, db.stats().sortedRuns());
        db.close();
    }

    @Test
    @Tag("CMP-07")
    void shouldPublishNothingThatReadsBackOtherwise() throws InterruptedException {
        var known = store.inner.list("db/compacted/", null, 100);
        store.spoiled = "compacted/";
        var sources = new java.util.HashSet<String>();
        known.forEach(object -> sources.add(object.name()));
        var outputs = new OtherRows(store, sources);
        CompactionSettings all = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings compacting = settings.but().compaction(all).build();

        try (var compactor = new StandaloneCompactor(outputs, "db", compacting, Env.system())) {
            compactor.start();
            var refused = assertThrows(StorageException.class, () -> compactor.awaitIdle(PATIENCE));
            assertInstanceOf(CorruptData.class, refused);
        }
        assertEquals(0, runs());
    }

    /// A store in which tables that are put turn out to hold one of the sources instead.
    private static final class OtherRows extends ForwardingStore {
        private final java.util.Set<String> sources;

        OtherRows(ForwardingStore inner, java.util.Set<String> sources) {
            super(inner);
            this.sources = sources;
        }

        @Override
        public PutResult put(String name, List<Bytes> parts) {
            Bytes body = super.get(sources.iterator().next());
            return super.put(name, List.of(body));
        }
    }

    private static Bytes flipped(Bytes body) {
        if (body == null || body.length() == 0) return body;
        byte[] copy = Bytes.copyOf(body.array(), body.offset(), body.length()).array();
        copy[copy.length / 2] ^= 1;
        return Bytes.wrap(copy, 0, copy.length);
    }
}
