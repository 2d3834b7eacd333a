package dev.holdfast.engine.transact;

import static dev.holdfast.engine.api.IsolationLevel.SERIALIZABLE;
import static dev.holdfast.engine.api.IsolationLevel.SNAPSHOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.Transaction.Outcome;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("transactions")
class TransactionTest {
    private HoldfastDb db;

    @BeforeEach
    void open() {
        MergeOperator concatenation =
                (_, existing, operands) -> {
                    var all = new StringBuilder(existing == null ? "" : existing.toUtf8());
                    operands.forEach(each -> all.append(each.toUtf8()));
                    return bytes(all.toString());
                };
        db =
                Engine.builder(new MemoryStore(), "db")
                        .settings(Settings.defaults().but().untended().build())
                        .mergeOperator(concatenation)
                        .open();
    }

    @AfterEach
    void close() {
        db.close();
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    private void put(String... keys) {
        for (String key : keys)
            db.write(new WriteBatch().put(bytes(key), bytes("by others")), Durability.MEMORY);
    }

    private static long committed(Transaction transaction) {
        return transaction.commit(Durability.MEMORY);
    }

    private static void isRefused(Transaction transaction) {
        assertThrows(Conflict.class, () -> transaction.commit(Durability.MEMORY));
        assertEquals(Outcome.NOT_COMMITTED, transaction.outcome());
        assertEquals(0, transaction.committedSeq());
    }

    private static List<String> keys(Scan scan, int count) {
        List<String> keys = new ArrayList<>();
        while (keys.size() < count && scan.next()) keys.add(scan.key().toUtf8());
        return keys;
    }

    private static List<String> pairs(Transaction transaction, Order order) {
        List<String> pairs = new ArrayList<>();
        try (Scan scan = transaction.scan(KeyRange.all(), order)) {
            while (scan.next()) pairs.add(scan.key().toUtf8() + "=" + scan.value().toUtf8());
        }
        return pairs;
    }

    private @Nullable String value(String key) {
        Bytes value = db.get(bytes(key));
        return value == null ? null : value.toUtf8();
    }

    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void shouldShowItsOwnWritesToItselfAlone(IsolationLevel level) {
        // given
        put("a", "c", "d");
        try (Transaction transaction = db.begin(level)) {
            // when
            transaction.put(bytes("b"), bytes("mine")).delete(bytes("c"));
            transaction.put(bytes("d"), bytes("first")).put(bytes("d"), bytes("mine"));
            // then
            List<String> expected = List.of("a=by others", "b=mine", "d=mine");
            assertEquals(expected, pairs(transaction, Order.ASCENDING));
            assertEquals(expected.reversed(), pairs(transaction, Order.DESCENDING));
            assertEquals(bytes("mine"), transaction.get(bytes("d")));
            assertNull(transaction.get(bytes("c")));
            assertNull(value("b"));
            assertEquals("by others", value("c"));
            long seq = committed(transaction);
            assertEquals(seq, transaction.committedSeq());
            assertEquals(Outcome.COMMITTED, transaction.outcome());
            assertEquals(seq, db.watermarks().applied());
        }
        assertEquals("mine", value("b"));
        assertNull(value("c"));
        assertEquals("mine", value("d"));
    }

    @Test
    void shouldKeepAScanAsItWasOpened() {
        put("a", "c");
        try (Transaction transaction = db.begin(SNAPSHOT)) {
            transaction.put(bytes("b"), bytes("1"));
            Scan scan = transaction.scan(KeyRange.all());
            transaction.put(bytes("bb"), bytes("2")).delete(bytes("b")).delete(bytes("c"));
            assertEquals(List.of("a", "b", "c"), keys(scan, 9));
            assertEquals(List.of("a", "bb"), keys(transaction.scan(KeyRange.all()), 9));
        }
    }

    @Test
    void shouldSeeTheMomentAtWhichItBegan() {
        put("a");
        try (Transaction transaction = db.begin(SERIALIZABLE)) {
            put("b");
            db.delete(bytes("a"));
            db.flushMemtables();
            assertNull(transaction.get(bytes("b")));
            assertEquals(List.of("a=by others"), pairs(transaction, Order.ASCENDING));
            assertEquals(transaction.seq(), committed(transaction));
        }
    }

    @Test
    void shouldForgetWhatWasRolledBack() {
        Transaction transaction = db.begin(SNAPSHOT);
        transaction.put(bytes("a"), bytes("1"));
        transaction.rollback();
        transaction.rollback();
        assertEquals(Outcome.NOT_COMMITTED, transaction.outcome());
        assertThrows(Invalid.class, () -> transaction.get(bytes("a")));
        assertThrows(Invalid.class, transaction::commit);
        try (Transaction closed = db.begin(SNAPSHOT)) {
            closed.put(bytes("a"), bytes("1"));
        }
        assertNull(value("a"));
        assertEquals(0, db.stats().transactions().open());
    }

    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void shouldLetTheFirstCommitterWin(IsolationLevel level) {
        Transaction first = db.begin(level);
        Transaction second = db.begin(level);
        first.put(bytes("a"), bytes("first"));
        second.put(bytes("a"), bytes("second"));
        committed(second);
        isRefused(first);
        assertEquals("second", value("a"));
        DbStats.Transactions figures = db.stats().transactions();
        assertEquals(new DbStats.Transactions(0, 0, 0, 2, 1, 1, 0), figures);
    }

    @Test
    void shouldBeRefusedForAWriteOutsideOfTransactionsToo() {
        Transaction transaction = db.begin(SNAPSHOT);
        transaction.delete(bytes("a"));
        put("a");
        isRefused(transaction);
    }

    @Test
    void shouldNotBeRefusedForWhatWasWrittenBeforeItBegan() {
        put("a");
        Transaction transaction = db.begin(SERIALIZABLE);
        transaction.get(bytes("a"));
        transaction.put(bytes("a"), bytes("1"));
        put("b");
        committed(transaction);
    }

    private void skew(IsolationLevel level) {
        Transaction first = db.begin(level);
        Transaction second = db.begin(level);
        first.get(bytes("x"));
        second.get(bytes("y"));
        first.put(bytes("y"), bytes("1"));
        second.put(bytes("x"), bytes("1"));
        committed(first);
        committed(second);
    }

    @Test
    void shouldAllowWriteSkewAtSnapshotAlone() {
        skew(SNAPSHOT);
        assertThrows(Conflict.class, () -> skew(SERIALIZABLE));
    }

    @Test
    void shouldSeePhantomsInRangesThatWereEmpty() {
        for (Order order : Order.values()) {
            Transaction transaction = db.begin(SERIALIZABLE);
            try (Scan scan = transaction.scan(KeyRange.prefix(bytes("p/")), order)) {
                assertEquals(List.of(), keys(scan, 1));
            }
            transaction.put(bytes("sum"), bytes("0"));
            put("p/" + order);
            isRefused(transaction);
            db.delete(bytes("p/" + order));
        }
    }

    @Test
    void shouldSeeThatADeletedRowCameBack() {
        put("p/1", "p/2");
        db.delete(bytes("p/2"));
        Transaction transaction = db.begin(SERIALIZABLE);
        keys(transaction.scan(KeyRange.prefix(bytes("p/"))), 9);
        put("p/2");
        transaction.put(bytes("sum"), bytes("1"));
        isRefused(transaction);
    }

    @Test
    void shouldHaveReadNoFartherThanTheLastKeyShown() {
        put("b", "d", "f");
        record Case(Order order, int count, String written, boolean isSeen) {}
        for (Case each :
                List.of(
                        new Case(Order.ASCENDING, 0, "a", false),
                        new Case(Order.ASCENDING, 2, "a", true),
                        new Case(Order.ASCENDING, 2, "c", true),
                        new Case(Order.ASCENDING, 2, "d", true),
                        new Case(Order.ASCENDING, 2, "d\0", false),
                        new Case(Order.ASCENDING, 2, "e", false),
                        new Case(Order.ASCENDING, 4, "z", true),
                        new Case(Order.DESCENDING, 2, "z", true),
                        new Case(Order.DESCENDING, 2, "e", true),
                        new Case(Order.DESCENDING, 2, "d", true),
                        new Case(Order.DESCENDING, 2, "c", false),
                        new Case(Order.DESCENDING, 4, "a", true))) {
            Transaction transaction = db.begin(SERIALIZABLE);
            keys(transaction.scan(KeyRange.all(), each.order), each.count);
            transaction.put(bytes("sum"), bytes("1"));
            put(each.written);
            if (each.isSeen) isRefused(transaction);
            else committed(transaction);
            assertTrue(Outcome.OPEN != transaction.outcome(), each::toString);
            if (!List.of("b", "d", "f").contains(each.written)) db.delete(bytes(each.written));
            db.delete(bytes("sum"));
        }
    }

    @Test
    void shouldNotHaveReadWhatASeekPassedOver() {
        put("b", "d", "f", "h");
        record Case(Order order, String to, String written, boolean isSeen) {}
        for (Case each :
                List.of(
                        new Case(Order.ASCENDING, "f", "c", false),
                        new Case(Order.ASCENDING, "f", "b", true),
                        new Case(Order.ASCENDING, "e", "e", true),
                        new Case(Order.ASCENDING, "f", "g", false),
                        new Case(Order.ASCENDING, "a", "c", true),
                        new Case(Order.DESCENDING, "d", "e", false),
                        new Case(Order.DESCENDING, "d", "h", true),
                        new Case(Order.DESCENDING, "d", "d", true),
                        new Case(Order.DESCENDING, "d", "c", false))) {
            Transaction transaction = db.begin(SERIALIZABLE);
            Scan scan = transaction.scan(KeyRange.all(), each.order);
            keys(scan, 1);
            scan.seek(bytes(each.to));
            keys(scan, 1);
            transaction.put(bytes("0"), bytes("1"));
            put(each.written);
            if (each.isSeen) isRefused(transaction);
            else committed(transaction);
            if (!List.of("b", "d", "f", "h").contains(each.written)) db.delete(bytes(each.written));
            db.delete(bytes("0"));
        }
    }

    @Test
    void shouldHaveReadAKeyThatIsNotThere() {
        Transaction transaction = db.begin(SERIALIZABLE);
        assertNull(transaction.get(bytes("a")));
        transaction.put(bytes("b"), bytes("1"));
        put("a");
        isRefused(transaction);
    }

    @Test
    void shouldNotHaveReadWhatItWroteItself() {
        Transaction transaction = db.begin(SERIALIZABLE);
        transaction.put(bytes("a"), bytes("1")).unmarkWrite(bytes("a"));
        assertEquals(bytes("1"), transaction.get(bytes("a")));
        put("a");
        committed(transaction);
        assertEquals("1", value("a"));
    }

    @Test
    void shouldSeeConflictsThatAFlushHasMoved() {
        put("a", "b");
        Transaction transaction = db.begin(SERIALIZABLE);
        Transaction other = db.begin(SERIALIZABLE);
        keys(transaction.scan(KeyRange.all()), 9);
        other.get(bytes("c"));
        db.flushMemtables();
        put("aa");
        db.flushMemtables();
        put("z");
        transaction.put(bytes("0"), bytes("1"));
        isRefused(transaction);
        other.put(bytes("b"), bytes("1"));
        committed(other);
    }

    @Test
    void shouldGuardAtSnapshotWhatIsMarkedAsRead() {
        Transaction transaction = db.begin(SNAPSHOT);
        transaction.markRead(bytes("a")).put(bytes("b"), bytes("1"));
        put("a");
        isRefused(transaction);
    }

    @Test
    void shouldKeepUnmarkedWritesFromEverybody() {
        Transaction one = db.begin(SERIALIZABLE);
        Transaction two = db.begin(SERIALIZABLE);
        one.put(bytes("count"), bytes("1")).unmarkWrite(bytes("count"));
        two.put(bytes("count"), bytes("2")).unmarkWrite(bytes("count"));
        two.get(bytes("count"));
        committed(one);
        committed(two);
        Transaction three = db.begin(SERIALIZABLE);
        three.put(bytes("count"), bytes("3"));
        put("count");
        isRefused(three);
    }

    @Test
    void shouldReturnWhatTheBodyReturnsAndTryAgainWhenOthersWin() {
        var attempts = new ArrayList<Long>();
        String result =
                db.transact(
                        SERIALIZABLE,
                        Durability.MEMORY,
                        transaction -> {
                            attempts.add(transaction.seq());
                            transaction.get(bytes("a"));
                            if (attempts.size() < 4) put("a");
                            transaction.put(bytes("b"), bytes("1"));
                            return "done";
                        });
        assertEquals("done", result);
        assertEquals(4, attempts.size());
        assertEquals("1", value("b"));
    }

    @Test
    void shouldGiveUpWhenOthersAlwaysWin() {
        var attempts = new ArrayList<Long>();
        assertThrows(
                Conflict.class,
                () ->
                        db.transact(
                                SNAPSHOT,
                                Durability.MEMORY,
                                transaction -> {
                                    attempts.add(transaction.seq());
                                    put("a");
                                    return transaction.put(bytes("a"), bytes("1"));
                                }));
        assertEquals(32, attempts.size());
        assertEquals("by others", value("a"));
        assertEquals(0, db.stats().transactions().open());
    }

    @Test
    void shouldHaveReadNothingBehindTheRowsThatAScanMayShow() {
        put("b", "d", "f");
        Transaction transaction = db.begin(SERIALIZABLE);
        var two = Scan.Options.defaults().withRowsMax(2);
        assertEquals(List.of("b", "d"), keys(transaction.scan(KeyRange.all(), two), 9));
        var one = Scan.Options.defaults().withBytesMax(1).withOrder(Order.DESCENDING);
        assertEquals(List.of("f"), keys(transaction.scan(KeyRange.all(), one), 9));
        transaction.put(bytes("0"), bytes("1"));
        put("e");
        committed(transaction);
        Transaction other = db.begin(SERIALIZABLE);
        keys(other.scan(KeyRange.all(), two), 9);
        other.put(bytes("z"), bytes("1"));
        put("a");
        isRefused(other);
    }

    @Test
    void shouldMergeOverWhatItSeesAndHasWritten() {
        put("a");
        Transaction transaction = db.begin(SERIALIZABLE);
        transaction.merge(bytes("a"), bytes("+1")).merge(bytes("a"), bytes("+2"));
        transaction.merge(bytes("b"), bytes("+1"));
        transaction.put(bytes("c"), bytes("0")).merge(bytes("c"), bytes("+1"));
        transaction.delete(bytes("d")).merge(bytes("d"), bytes("+1"));
        List<String> expected = List.of("a=by others+1+2", "b=+1", "c=0+1", "d=+1");
        assertEquals(expected, pairs(transaction, Order.ASCENDING));
        assertEquals(expected.reversed(), pairs(transaction, Order.DESCENDING));
        assertEquals(bytes("by others+1+2"), transaction.get(bytes("a")));
        assertEquals(bytes("0+1"), transaction.get(bytes("c")));
        committed(transaction);
        assertEquals("by others+1+2", value("a"));
        assertEquals("+1", value("d"));
    }

    @Test
    void shouldOnlyHaveReadWhatItMergedIntoIfItLooked() {
        Transaction blind = db.begin(SERIALIZABLE);
        Transaction seeing = db.begin(SERIALIZABLE);
        for (Transaction each : List.of(blind, seeing))
            each.merge(bytes("a"), bytes("+1")).unmarkWrite(bytes("a"));
        assertEquals(bytes("+1"), seeing.get(bytes("a")));
        put("a");
        committed(blind);
        isRefused(seeing);
        assertEquals("by others+1", value("a"));
    }

    @Test
    void shouldRefuseToReadOnlyWhatIsDurable() {
        Transaction transaction = db.begin(SERIALIZABLE);
        Reads.Options durable = Reads.Options.defaults().withDurability(Durability.REMOTE);
        assertThrows(Invalid.class, () -> transaction.get(bytes("a"), durable));
        var scanned = Scan.Options.defaults().withReads(durable);
        assertThrows(Invalid.class, () -> transaction.scan(KeyRange.all(), scanned));
        assertNull(transaction.row(bytes("a")));
        transaction.put(bytes("b"), bytes("1"));
        put("a");
        isRefused(transaction);
    }
}
