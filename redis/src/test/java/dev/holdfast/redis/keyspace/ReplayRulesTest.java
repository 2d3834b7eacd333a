package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.local.TailRules;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What of a tail may go to a database that holds Redis databases.
class ReplayRulesTest {
    private static final Root ROOT = Root.first(Bytes.wrap(new byte[Root.SEED_BYTES]));
    private static final Bytes VALUE = Bytes.utf8("value");

    private final HoldfastDb db = Engine.builder(new MemoryStore(), "db").open();
    private final Map<Bytes, Bytes> tail = new HashMap<>();

    @AfterEach
    void close() {
        db.close();
    }

    private static Bytes meta(int generation) {
        return RowKeys.meta(generation, 7, Bytes.utf8("key"));
    }

    private TailRules.Plan plan(Root here) {
        put(RowKeys.ROOT, here.encode());
        return plan();
    }

    private void put(Bytes key, Bytes value) {
        db.write(new WriteBatch().put(key, value), Durability.MEMORY);
    }

    private TailRules.Plan plan() {
        return new ReplayRules(db)
                .plan(
                        new TailRules.Rows() {
                            @Override
                            public Set<Bytes> keys() {
                                return tail.keySet();
                            }

                            @Override
                            public Bytes last(Bytes key) {
                                return tail.get(key);
                            }
                        });
    }

    @Test
    void shouldLeaveOutTheRowsThatStandForAllKeysAndNoOthers() {
        tail.put(RowKeys.ROOT, ROOT.encode());
        tail.put(meta(1), VALUE);

        TailRules.Plan plan = plan(ROOT);

        assertTrue(plan.leavesOut(RowKeys.ROOT));
        assertTrue(plan.leavesOut(RowKeys.VERSION));
        assertTrue(plan.leavesOut(RowKeys.counts(1)));
        assertFalse(plan.leavesOut(meta(1)));
        assertFalse(plan.leavesOut(RowKeys.expiry(5, 1, Bytes.utf8("key"))));
        assertFalse(plan.leavesOut(Bytes.utf8("raw")));
    }

    @Test
    void shouldRefuseATailThatHasEmptiedADatabase() {
        tail.put(RowKeys.ROOT, ROOT.renewed(0).encode());

        assertThrows(Invalid.class, () -> plan(ROOT));
    }

    @Test
    void shouldRefuseATailOfADatabaseThatIsEmptiedByNow() {
        tail.put(meta(1), VALUE);
        assertThrows(Invalid.class, () -> plan(ROOT.renewed(0)));

        tail.clear();
        tail.put(RowKeys.expiry(5, 1, Bytes.utf8("key")), VALUE);
        assertThrows(Invalid.class, () -> plan(ROOT.renewed(0)));
    }

    @Test
    void shouldNotMindWhatTheTailRemovedFromAnEmptiedDatabase() {
        tail.put(meta(1), null);
        tail.put(meta(2), VALUE);

        assertTrue(plan(ROOT.renewed(0)).leavesOut(RowKeys.ROOT));
    }

    @Test
    void shouldTakeRowsAsTheyAreWhereThereAreNoRedisDatabases() {
        tail.put(RowKeys.ROOT, ROOT.encode());

        assertFalse(plan().leavesOut(RowKeys.ROOT));
    }

    @Test
    void shouldTakeTheRowsOfOneKeyForAWhole() {
        int hash = new KeyHash(ROOT.seed()).of(Bytes.utf8("key"));
        Bytes metaKey = RowKeys.meta(1, hash, Bytes.utf8("key"));

        TailRules.Plan plan = plan(ROOT);

        assertEquals(metaKey, plan.wholeOf(metaKey));
        assertEquals(metaKey, plan.wholeOf(MemberRow.prefix(metaKey, 7)));
        assertEquals(metaKey, plan.wholeOf(RowKeys.expiry(5, 1, Bytes.utf8("key"))));
        assertEquals(Bytes.utf8("raw"), plan.wholeOf(Bytes.utf8("raw")));
    }

    @Test
    void shouldWriteOverNoRowsOfTheSameVersion() {
        var rows = new Meta.Rows(7, 2);
        Meta ours = Meta.inline(Bytes.EMPTY, StringForm.RAW, Meta.NO_EXPIRY).withRows(rows);
        tail.put(meta(1), ours.encode());
        put(meta(1), ours.withRows(new Meta.Rows(7, 3)).encode());
        assertFalse(plan(ROOT).mayOverwrite(meta(1)));

        put(meta(1), ours.withRows(new Meta.Rows(8, 3)).encode());
        assertTrue(plan().mayOverwrite(meta(1)));
    }

    @Test
    void shouldRaiseTheVersionAboveAllThatTheTailHasUsed() {
        tail.put(RowKeys.VERSION, version(9));
        assertEquals(Map.of(RowKeys.VERSION, version(9)), plan(ROOT).first());

        put(RowKeys.VERSION, version(8));
        assertEquals(Map.of(RowKeys.VERSION, version(9)), plan().first());

        put(RowKeys.VERSION, version(300));
        assertEquals(Map.of(), plan().first());
    }

    @Test
    void shouldTakeAllLibrariesForAWhole() {
        Bytes library = RowKeys.library(Bytes.utf8("lib"));
        tail.put(library, VALUE);
        tail.put(RowKeys.LIBRARIES, VALUE);
        put(RowKeys.LIBRARIES, Bytes.utf8("others"));

        TailRules.Plan plan = plan(ROOT);

        assertFalse(plan.leavesOut(library));
        assertFalse(plan.leavesOut(RowKeys.LIBRARIES));
        assertEquals(RowKeys.LIBRARIES, plan.wholeOf(library));
        assertEquals(RowKeys.LIBRARIES, plan.wholeOf(RowKeys.LIBRARIES));
        assertTrue(plan.mayOverwrite(RowKeys.LIBRARIES));
    }

    private static Bytes version(long next) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(next).array());
    }
}
