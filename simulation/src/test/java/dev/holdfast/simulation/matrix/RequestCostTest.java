package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.simulation.Node;
import java.time.Duration;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many requests a database makes: while nobody uses it, and for each gibibyte.
@Timeout(120)
class RequestCostTest {
    private static final int MINUTES = 60;
    private static final Settings USUAL = Settings.defaults();
    // Tables, log objects, notes on ingests, manifests, states of the compactor.
    private static final int LISTS_OF_A_COLLECTION = 5;
    // The least age of what is collected, twice the collector's interval, and a little.
    private static final Duration COLLECTED = Duration.ofMinutes(16);
    private static final Duration REPLACED_STAYS = Duration.ofMinutes(16);

    @Test
    void shouldAskNearlyNothingWhileItIsIdle() {
        Scene.tellOnce(scene -> {
            // given
            Node machine = scene.machine();
            var store = new CountingStore(scene.link(machine));
            HoldfastDb db = scene.open(store, machine, USUAL);
            Scene.write(db, new TreeMap<>(), 10, Durability.REMOTE);
            db.flushMemtables();
            scene.world().sleep(COLLECTED);
            // when, then
            assertAsksNearlyNothing(scene, store);
        });
    }

    @Test
    void shouldAskNearlyNothingOnceWhatACompactionReplacedIsCollected() {
        Scene.tellOnce(scene -> {
            // given
            Node machine = scene.machine();
            var store = new CountingStore(scene.link(machine));
            HoldfastDb db = scene.open(store, machine, USUAL);
            for (int table = 0; table < 8; table++) {
                Scene.write(db, new TreeMap<>(), 10, Durability.REMOTE);
                db.flushMemtables();
                scene.world().sleep(Duration.ofSeconds(10));
            }
            assertTrue(0 < db.stats().sortedRuns(), "nothing was compacted");
            int before = scene.names("compacted").size();
            scene.world().sleep(REPLACED_STAYS.plus(COLLECTED));
            // when, then
            assertAsksNearlyNothing(scene, store);
            assertTrue(scene.names("compacted").size() < before, "no table was collected");
            assertTrue(Engine.fsck(scene.atRest(), Scene.PATH).orphans().size() <= 1);
        });
    }

    private static void assertAsksNearlyNothing(Scene scene, CountingStore store)
            throws InterruptedException {
        long puts = store.calls(Operation.PUT) + store.calls(Operation.PUT_IF_ABSENT);
        long lists = store.calls(Operation.LIST);
        long gets = store.calls(Operation.GET) + store.calls(Operation.HEAD);
        scene.world().sleep(Duration.ofMinutes(MINUTES));
        assertEquals(puts, store.calls(Operation.PUT) + store.calls(Operation.PUT_IF_ABSENT));
        assertEquals(lists, store.calls(Operation.LIST));
        long looks = store.calls(Operation.GET) + store.calls(Operation.HEAD) - gets;
        assertTrue(0 < looks && looks <= 2 * MINUTES, "looks: " + looks);
    }

    @Test
    void shouldListAHandfulOfTimesAfterTheLastChange() {
        Scene.tellOnce(scene -> {
            Node machine = scene.machine();
            var store = new CountingStore(scene.link(machine));
            HoldfastDb db = scene.open(store, machine, USUAL);
            Scene.write(db, new TreeMap<>(), 10, Durability.REMOTE);
            db.flushMemtables();
            long lists = store.calls(Operation.LIST);

            scene.world().sleep(Duration.ofHours(3));

            long collections = (store.calls(Operation.LIST) - lists) / LISTS_OF_A_COLLECTION;
            assertTrue(0 < collections && collections <= 3, "collections: " + collections);
        });
    }

    @Test
    void shouldNoticeANewerWriterWithinHalfAMinuteThoughItWasIdleForHours() {
        Scene.tellOnce(scene -> {
            HoldfastDb db = scene.open(scene.machine(), USUAL);
            db.write(Scene.row("k", "v"), Durability.REMOTE);
            scene.world().sleep(Duration.ofHours(3));

            scene.open(scene.machine(), USUAL);
            scene.world().sleep(Duration.ofSeconds(32));

            var met = assertThrows(Closed.class, () -> db.get(Bytes.utf8("k")));
            assertEquals(Closed.Reason.FENCED, met.reason());
        });
    }

    @Test
    void shouldNoticeItWithinTwoSecondsRightAfterAChange() {
        Scene.tellOnce(scene -> {
            HoldfastDb db = scene.open(scene.machine(), USUAL);
            scene.world().sleep(Duration.ofHours(3));
            db.write(Scene.row("k", "v"), Durability.REMOTE);
            db.flushMemtables();

            scene.open(scene.machine(), USUAL);
            scene.world().sleep(Duration.ofSeconds(2));

            assertThrows(Closed.class, () -> db.get(Bytes.utf8("k")));
        });
    }

    /// The usual settings at a 64th of their size.
    @Test
    void shouldPutAtMostAHundredAndSixtyTimesForAGibibyte() {
        Scene.tellOnce(scene -> {
            Settings small =
                    USUAL.but()
                            .walSizeMax(ByteSize.bytes(USUAL.walSizeMax().bytes() / 64))
                            .l0SstSize(ByteSize.bytes(USUAL.l0SstSize().bytes() / 64))
                            .unflushedMax(ByteSize.bytes(USUAL.unflushedMax().bytes() / 64))
                            .build();
            HoldfastDb db = scene.open(scene.machine(), small);
            byte[] value = new byte[1 << 10];
            for (int i = 0; i < 16 << 10; i++) {
                var batch = new WriteBatch().put(Bytes.utf8("key" + i), Bytes.wrap(value));
                db.write(batch, Durability.MEMORY);
            }
            db.flushMemtables();

            int puts = scene.names("wal").size() + scene.names("compacted").size();
            assertTrue(16 < puts && puts <= 160, "puts: " + puts);
        });
    }

    /// Overwrites at random, the usual settings at a 64th of their size: log, tables and
    /// compactions together.
    @Test
    void shouldWriteEachByteAHandfulOfTimes() {
        Scene.tellOnce(scene -> {
            Settings small =
                    USUAL.but()
                            .walSizeMax(ByteSize.bytes(USUAL.walSizeMax().bytes() / 64))
                            .l0SstSize(ByteSize.bytes(USUAL.l0SstSize().bytes() / 64))
                            .unflushedMax(ByteSize.bytes(USUAL.unflushedMax().bytes() / 64))
                            .build();
            HoldfastDb db = scene.open(scene.machine(), small);
            var random = new Random(1);
            byte[] value = new byte[1 << 10];
            int puts = 16 << 10;
            for (int i = 0; i < puts; i++) {
                random.nextBytes(value);
                Bytes key = Bytes.utf8("key" + random.nextInt(4 << 10));
                var batch = new WriteBatch().put(key, Bytes.wrap(value.clone()));
                db.write(batch, Durability.MEMORY);
            }
            db.flushMemtables();
            scene.world().sleep(Duration.ofMinutes(10));

            DbStats stats = db.stats();
            long written =
                    stats.walBytes() + stats.flushes().bytes() + stats.compactions().bytesWritten();
            double times = written / (double) (puts * (long) value.length);
            assertTrue(2 < times && times <= 4, "times: " + times);
        });
    }
}
