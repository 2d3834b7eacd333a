package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.StandaloneWorker.Manner;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CompactionFilter.Decision;
import dev.holdfast.engine.board.Paper;
import dev.holdfast.engine.board.Posted;
import dev.holdfast.engine.board.WorkBoard;
import dev.holdfast.engine.board.WorkBoard.Claimed;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.format.work.FinishedTable;
import dev.holdfast.format.work.PartClaim;
import dev.holdfast.format.work.PartKey;
import dev.holdfast.format.work.PartOrder;
import dev.holdfast.format.work.PartResult;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One compaction, worked on by a compactor and by workers beside it.
@Timeout(120)
class CompactionWorkersTest {
    private static final Env ENV = Env.system();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 2_000;

    /// A store in which tables take their time.
    private static final class Slow extends ForwardingStore {
        private final Duration perTable;

        Slow(ObjectStore inner, Duration perTable) {
            super(inner);
            this.perTable = perTable;
        }

        @Override
        public PutResult put(String name, List<Bytes> parts) {
            if (name.contains("compacted/")) pause(perTable);
            return super.put(name, parts);
        }
    }

    private static void pause(Duration duration) {
        try {
            ENV.sleep(duration);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private final MemoryStore store = new MemoryStore();
    private final SortedMap<String, String> model = new TreeMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    private static final Settings SETTINGS =
            Settings.defaults()
                    .but()
                    .blockSize(ByteSize.bytes(256))
                    .compaction(CompactionSettings.off())
                    .collectionInterval(Duration.ZERO)
                    .build();

    private static Settings sharing(int parts) {
        var workers = new CompactionSettings.Workers(ByteSize.bytes(1), Duration.ofMillis(100));
        return SETTINGS.but()
                .compaction(
                        CompactionSettings.defaults()
                                .withStyle(Style.EVERYTHING)
                                .withTableSize(ByteSize.kibibytes(2))
                                .withJobs(2, parts)
                                .withWorkers(workers))
                .build();
    }

    @BeforeEach
    void shouldHaveSomeTables() {
        try (HoldfastDb db = Engine.open(store, "db", SETTINGS)) {
            for (int table = 0; table < 4; table++) {
                for (int i = table; i < ROWS; i += 1 + table) {
                    String value = "value %d of %d, and some more to fill it".formatted(i, table);
                    db.put(Bytes.utf8(key(i)), Bytes.utf8(value));
                    model.put(key(i), value);
                }
                for (int i = 0; i < ROWS; i += 17) {
                    db.delete(Bytes.utf8(key(i)));
                    model.remove(key(i));
                }
                db.flushMemtables();
            }
        }
    }

    private static String key(int i) {
        return "key%05d".formatted(i);
    }

    @AfterEach
    void shouldHaveLostNothingAndLeftNothing() throws Exception {
        for (AutoCloseable each : open) each.close();
        try (HoldfastDb db = openMerging()) {
            var found = new TreeMap<String, String>();
            try (Scan scan = db.scan(KeyRange.all())) {
                while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
            }
            assertEquals(model, found);
            assertEquals(1, db.stats().sortedRuns());
        }
        FsckReport report = Engine.fsck(store, "db");
        assertTrue(report.isSound(), report.problems().toString());
        Engine.collect(
                store, "db", new CollectionRules(Duration.ZERO, CollectionRules.Sweep.REMOVE));
        assertEquals(List.of(), store.list("db/workers/", null, 10));
    }

    private HoldfastDb openMerging() {
        return Engine.builder(store, "db")
                .settings(SETTINGS)
                .mergeOperator(TestRow.CONCATENATE)
                .open();
    }

    private StandaloneCompactor compactor(Duration perTable) {
        var compactor = Engine.compactor(new Slow(store, perTable), "db", sharing(1));
        open.addFirst(compactor);
        compactor.start();
        return compactor;
    }

    private StandaloneWorker worker(String name, Duration perTable) {
        var slow = new Slow(store, perTable);
        StandaloneWorker worker = Engine.worker(slow, "db", sharing(1), Manner.untilStopped(name));
        open.add(worker);
        worker.start();
        awaitTrue(() -> !store.list("db/workers/here/" + name, null, 1).isEmpty());
        return worker;
    }

    private interface Condition {
        boolean holds();
    }

    private static void awaitTrue(Condition condition) {
        Deadline deadline = Deadline.after(ENV, PATIENCE);
        while (!condition.holds()) {
            if (deadline.isExpired()) throw new AssertionError("it never came");
            pause(Duration.ofMillis(5));
        }
    }

    @Test
    void shouldShareACompactionWithWorkers() throws InterruptedException {
        StandaloneWorker one = worker("one", Duration.ofMillis(5));
        StandaloneWorker two = worker("two", Duration.ofMillis(5));

        StandaloneCompactor compactor = compactor(Duration.ofMillis(30));
        compactor.awaitIdle(PATIENCE);

        StandaloneCompactor.Sharing sharing = compactor.progress().sharing();
        assertTrue(0 < one.progress().done() && 0 < two.progress().done(), sharing.toString());
        assertEquals(one.progress().done() + two.progress().done(), sharing.byWorkers());
        assertEquals(0, sharing.refused() + sharing.reclaimed(), sharing.toString());
        awaitTrue(() -> store.list("db/workers/0", null, 1).isEmpty()); // no papers are left
    }

    @Test
    void shouldHaveOperandsCombinedByWorkersThatCan() throws InterruptedException {
        // given
        try (HoldfastDb db = openMerging()) {
            for (int table = 0; table < 3; table++) {
                for (int i = 1; i < ROWS; i += 5) {
                    db.merge(Bytes.utf8(key(i)), Bytes.utf8("+" + table));
                    model.merge(key(i), "+" + table, String::concat);
                }
                db.flushMemtables();
            }
            assertEquals(3 * ROWS / 5, operandsIn(db));
        }
        var slow = new Slow(store, Duration.ofMillis(5));
        StandaloneWorker worker =
                Engine.builder(slow, "db")
                        .settings(sharing(1))
                        .mergeOperator(TestRow.CONCATENATE)
                        .worker(Manner.untilStopped("merging"));
        open.add(worker);
        worker.start();
        awaitTrue(() -> !store.list("db/workers/here/", null, 1).isEmpty());
        // when
        compactor(Duration.ofMillis(30)).awaitIdle(PATIENCE);
        // then
        assertTrue(0 < worker.progress().done());
        try (HoldfastDb db = openMerging()) {
            assertTrue(operandsIn(db) < 3 * ROWS / 5, "what the worker did has no operands");
        }
    }

    private static int operandsIn(HoldfastDb db) {
        int operands = 0;
        try (Scan.Versions rows = db.versions(KeyRange.all())) {
            while (rows.next()) if (rows.kind() == Scan.Versions.Kind.OPERAND) operands++;
        }
        return operands;
    }

    @Test
    void shouldRefuseWorkersWithAFilter() throws InterruptedException {
        EngineBuilder builder =
                Engine.builder(store, "db").compactionFilter(_ -> _ -> Decision.KEEP);
        assertThrows(Invalid.class, () -> builder.worker(Manner.untilStopped("filtering")));
        compactor(Duration.ZERO).awaitIdle(PATIENCE);
    }

    @Test
    void shouldTakeUpWhatAStoppedWorkerHasFinished() throws InterruptedException {
        StandaloneWorker worker = worker("one", Duration.ofMillis(20));
        StandaloneCompactor compactor = compactor(Duration.ofMillis(25));
        awaitTrue(() -> 0 < worker.progress().active());
        pause(Duration.ofMillis(50));

        Deadline bound = Deadline.after(ENV, Duration.ofMillis(500));
        var report = worker.stop(Mode.SMART, Duration.ofSeconds(5));

        assertTrue(!bound.isExpired(), "it took longer than 500 ms");
        assertEquals(0, report.exitCode().code(), report.toPage());
        assertEquals(0, worker.progress().active());
        assertEquals(List.of(), store.list("db/workers/here/", null, 1));
        compactor.awaitIdle(PATIENCE);
        assertEquals(0, compactor.progress().sharing().reclaimed());
    }

    @Test
    void shouldTakeBackWhatAWorkerThatFellSilentHasClaimed() throws InterruptedException {
        var isOver = new AtomicBoolean();
        Thread ghost = ghost(isOver, (_, _) -> {});

        StandaloneCompactor compactor = compactor(Duration.ofMillis(5));
        compactor.awaitIdle(PATIENCE);
        isOver.set(true);
        ghost.join();

        assertTrue(0 < compactor.progress().sharing().reclaimed());
        assertEquals(0, compactor.progress().sharing().byWorkers());
    }

    @Test
    @Tag("CMP-07")
    void shouldRefuseTablesThatAreNotWhatTheirWorkerSays() throws InterruptedException {
        var isOver = new AtomicBoolean();
        var board = new WorkBoard(store, "db", ENV);
        var other = new Ulid(1, 1);
        Thread ghost =
                ghost(
                        isOver,
                        (order, claim) -> {
                            var table = sourceAsAnOutput();
                            board.deliver(resultOf(order, claim.claimant(), List.of(table)));
                            board.deliver(resultOf(order, other, List.of()));
                        });

        StandaloneCompactor compactor = compactor(Duration.ofMillis(5));
        compactor.awaitIdle(PATIENCE);
        isOver.set(true);
        ghost.join();

        assertTrue(0 < compactor.progress().sharing().refused());
        assertEquals(0, compactor.progress().sharing().byWorkers());
    }

    private FinishedTable sourceAsAnOutput() {
        var manifest = new ManifestStore(store, "db", ENV).latest().manifest();
        return new FinishedTable(manifest.l0().getFirst().sst(), 5, 5);
    }

    private static PartResult resultOf(PartOrder order, Ulid claimant, List<FinishedTable> tables) {
        return new PartResult(
                order.key(),
                order.start(),
                order.end(),
                claimant,
                "ghost",
                PartResult.Ending.DONE,
                0,
                tables,
                "");
    }

    /// Claims what is offered, and does no more than `then`.
    private Thread ghost(AtomicBoolean isOver, BiConsumer<PartOrder, PartClaim> then) {
        var board = new WorkBoard(store, "db", ENV);
        board.announce("ghost");
        return ENV.start(
                "ghost",
                () -> {
                    while (!isOver.get()) {
                        Posted posted = board.look();
                        for (PartKey key : posted.keys())
                            if (posted.has(key, Paper.ORDER) && !posted.has(key, Paper.CLAIM))
                                haunt(board, key, then);
                        pause(Duration.ofMillis(5));
                    }
                });
    }

    private static void haunt(WorkBoard board, PartKey key, BiConsumer<PartOrder, PartClaim> then) {
        PartOrder order = board.readOrder(key);
        if (order == null) return;
        var claim = new PartClaim(key, Ulid.next(ENV), "ghost", 0, 0, order.finished());
        if (board.claim(claim) == Claimed.OURS) then.accept(order, claim);
    }

    @Test
    void shouldTakeUpWhatAnOlderCompactorAndItsWorkersHaveDone() throws InterruptedException {
        worker("one", Duration.ofMillis(5));
        StandaloneCompactor first = compactor(Duration.ofMillis(40));
        awaitTrue(() -> 4 < first.progress().sharing().byWorkers());
        first.stop(Mode.FAST, Duration.ofSeconds(5));

        StandaloneCompactor second = compactor(Duration.ofMillis(40));
        second.awaitIdle(PATIENCE);

        assertTrue(0 < second.progress().sharing().resumed(), second.progress().toString());
    }
}
