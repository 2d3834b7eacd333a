package dev.holdfast.engine.transact;

import static dev.holdfast.engine.api.IsolationLevel.SERIALIZABLE;
import static dev.holdfast.engine.api.IsolationLevel.SNAPSHOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.Transaction.Limits;
import dev.holdfast.engine.api.Transaction.Outcome;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("transactions")
class TransactionLimitsTest {
    private final MovedEnv env = new MovedEnv();
    private final MemoryStore store = new MemoryStore();

    private HoldfastDb open(Limits limits) {
        Settings settings =
                Settings.defaults()
                        .but()
                        .untended()
                        .writeTimeout(Duration.ofMillis(300))
                        .transactions(limits)
                        .build();
        return Engine.builder(store, "db").settings(settings).env(env).open();
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    private static void put(HoldfastDb db, String key) {
        db.write(new WriteBatch().put(bytes(key), bytes("by others")), Durability.MEMORY);
    }

    @Test
    void shouldExpireWhatIsOpenForTooLong() {
        try (HoldfastDb db = open(Limits.defaults().withTimeout(Duration.ofSeconds(60)))) {
            // given
            Transaction used = db.begin(SNAPSHOT);
            Transaction abandoned = db.begin(SNAPSHOT);
            Scan scan = used.scan(KeyRange.all());
            used.put(bytes("a"), bytes("1"));
            // when
            env.pass(Duration.ofSeconds(61));
            // then
            Closed expired = assertThrows(Closed.class, used::commit);
            assertEquals(Closed.Reason.EXPIRED, expired.reason());
            assertEquals(Outcome.NOT_COMMITTED, used.outcome());
            assertEquals(2, db.stats().transactions().expired());
            assertEquals(0, db.stats().transactions().open());
            assertNull(db.get(bytes("a")));
            assertEquals(
                    Closed.Reason.EXPIRED,
                    assertThrows(Closed.class, () -> abandoned.get(bytes("a"))).reason());
            assertThrows(RuntimeException.class, scan::next);
            used.close();
            db.begin(SNAPSHOT).close();
        }
    }

    @Test
    void shouldReapTheAbandonedWhenAnotherBegins() {
        try (HoldfastDb db = open(Limits.defaults().withTimeout(Duration.ofSeconds(60)))) {
            assertNotNull(db.begin(SNAPSHOT));
            env.pass(Duration.ofSeconds(61));
            Transaction next = db.begin(SNAPSHOT);
            assertEquals(1, db.stats().transactions().open());
            assertEquals(1, db.stats().transactions().expired());
            next.commit(Durability.MEMORY);
        }
    }

    @Test
    void shouldRefuseWhatBeganBeforeAllThatIsKept() {
        Limits limits = Limits.defaults().withRecentMax(ByteSize.bytes(2_000));
        try (HoldfastDb db = open(limits)) {
            // given
            Transaction old = db.begin(SNAPSHOT);
            Transaction reader = db.begin(SERIALIZABLE);
            for (int i = 0; i < 100; i++) put(db, "k" + i);
            Transaction young = db.begin(SERIALIZABLE);
            put(db, "last");
            // when, then
            assertTrue(db.stats().transactions().recentBytes() < 2_200);
            assertNull(reader.get(bytes("k1")));
            reader.commit(Durability.MEMORY);
            old.put(bytes("nobody's"), bytes("1"));
            String why = assertThrows(Conflict.class, old::commit).getMessage();
            assertTrue(why.contains("too much was committed"), why);
            young.get(bytes("k1"));
            young.put(bytes("x"), bytes("1"));
            young.commit(Durability.MEMORY);
            assertEquals(0, db.stats().transactions().recentBytes());
        }
    }

    @Test
    void shouldMissNoConflictWhenItHasReadMoreThanItRemembers() {
        Limits limits = Limits.defaults().withReadsMax(ByteSize.bytes(2_000));
        try (HoldfastDb db = open(limits)) {
            for (int written = 0; written < 500; written += 37) {
                // given
                Transaction transaction = db.begin(SERIALIZABLE);
                for (int i = 0; i < 500; i++)
                    transaction.get(bytes("k%03d".formatted(i * 7 % 500)));
                transaction.put(bytes("sum"), bytes("1"));
                // when
                put(db, "k%03d".formatted(written));
                // then
                assertThrows(Conflict.class, transaction::commit);
            }
            Transaction beside = db.begin(SERIALIZABLE);
            for (int i = 0; i < 500; i++) beside.get(bytes("k%03d".formatted(i)));
            beside.put(bytes("sum"), bytes("1"));
            put(db, "z");
            beside.commit(Durability.MEMORY);
        }
    }

    @Test
    void shouldMissNoConflictWhenThousandsOfScansAreOpen() {
        try (HoldfastDb db = open(Limits.defaults())) {
            Transaction transaction = db.begin(SERIALIZABLE);
            for (int i = 0; i < 1_000; i++)
                assertFalse(transaction.scan(KeyRange.prefix(bytes("p%03d".formatted(i)))).next());
            transaction.put(bytes("sum"), bytes("1"));
            put(db, "p999");
            assertThrows(Conflict.class, transaction::commit);
        }
    }

    @Test
    void shouldNotCallUnknownWhatIsApplied() {
        var stalling = new SilentStore(store);
        Settings settings =
                Settings.defaults().but().untended().writeTimeout(Duration.ofMillis(300)).build();
        try (HoldfastDb db = Engine.builder(stalling, "db").settings(settings).open()) {
            // given
            Transaction transaction = db.begin(SERIALIZABLE);
            transaction.put(bytes("a"), bytes("1"));
            stalling.fallSilent();
            // when
            assertThrows(Unavailable.class, transaction::commit);
            // then
            assertEquals(Outcome.COMMITTED, transaction.outcome());
            assertEquals(transaction.committedSeq(), db.watermarks().applied());
            assertEquals(bytes("1"), db.get(bytes("a")));
            stalling.speak();
            db.flush();
            assertEquals(transaction.committedSeq(), db.watermarks().remote());
        }
    }

    @Test
    void shouldEndWithTheDatabase() {
        HoldfastDb db = open(Limits.defaults());
        Transaction transaction = db.begin(SERIALIZABLE);
        transaction.put(bytes("a"), bytes("1"));
        db.close();
        for (var call :
                new Runnable[] {
                    transaction::commit,
                    () -> transaction.get(bytes("a")),
                    () -> transaction.put(bytes("a"), bytes("2")),
                    () -> transaction.scan(KeyRange.all())
                }) {
            RuntimeException thrown = assertThrows(RuntimeException.class, call::run);
            boolean isClosed =
                    thrown instanceof Closed closed && closed.reason() == Closed.Reason.CLEAN;
            boolean isOver = transaction.outcome() == Outcome.NOT_COMMITTED;
            assertTrue(isClosed || isOver, thrown::toString);
        }
        assertEquals(Outcome.NOT_COMMITTED, transaction.outcome());
        assertThrows(Closed.class, () -> db.begin(SNAPSHOT));
        try (HoldfastDb again = open(Limits.defaults())) {
            assertNull(again.get(bytes("a")));
        }
    }

    @Test
    void shouldEndWhenANewerWriterComes() {
        HoldfastDb older = open(Limits.defaults());
        Transaction transaction = older.begin(SERIALIZABLE);
        transaction.put(bytes("a"), bytes("1"));
        try (HoldfastDb newer = open(Limits.defaults())) {
            Closed fenced = assertThrows(Closed.class, transaction::commit);
            assertEquals(Closed.Reason.FENCED, fenced.reason());
            assertNull(newer.get(bytes("a")));
        }
        assertTrue(Outcome.OPEN != transaction.outcome());
        older.close();
    }
}
