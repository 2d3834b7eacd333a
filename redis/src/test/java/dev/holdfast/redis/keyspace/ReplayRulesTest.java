package dev.holdfast.redis.keyspace;

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
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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

    private Predicate<Bytes> leftOut(Root here) {
        db.write(new WriteBatch().put(RowKeys.ROOT, here.encode()), Durability.MEMORY);
        return leftOut();
    }

    private Predicate<Bytes> leftOut() {
        return new ReplayRules(db)
                .leftOut(
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

        Predicate<Bytes> leftOut = leftOut(ROOT);

        assertTrue(leftOut.test(RowKeys.ROOT));
        assertTrue(leftOut.test(RowKeys.VERSION));
        assertTrue(leftOut.test(RowKeys.counts(1)));
        assertFalse(leftOut.test(meta(1)));
        assertFalse(leftOut.test(RowKeys.expiry(5, 1, Bytes.utf8("key"))));
        assertFalse(leftOut.test(Bytes.utf8("raw")));
    }

    @Test
    void shouldRefuseATailThatHasEmptiedADatabase() {
        tail.put(RowKeys.ROOT, ROOT.renewed(0).encode());

        assertThrows(Invalid.class, () -> leftOut(ROOT));
    }

    @Test
    void shouldRefuseATailOfADatabaseThatIsEmptiedByNow() {
        tail.put(meta(1), VALUE);
        assertThrows(Invalid.class, () -> leftOut(ROOT.renewed(0)));

        tail.clear();
        tail.put(RowKeys.expiry(5, 1, Bytes.utf8("key")), VALUE);
        assertThrows(Invalid.class, () -> leftOut(ROOT.renewed(0)));
    }

    @Test
    void shouldNotMindWhatTheTailRemovedFromAnEmptiedDatabase() {
        tail.put(meta(1), null);
        tail.put(meta(2), VALUE);

        assertTrue(leftOut(ROOT.renewed(0)).test(RowKeys.ROOT));
    }

    @Test
    void shouldTakeRowsAsTheyAreWhereThereAreNoRedisDatabases() {
        tail.put(RowKeys.ROOT, ROOT.encode());

        assertFalse(leftOut().test(RowKeys.ROOT));
    }
}
