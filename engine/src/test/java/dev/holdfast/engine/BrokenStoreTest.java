package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// What callers meet when the store refuses for good, or when a part of the engine breaks.
class BrokenStoreTest {
    private static final Bytes KEY = Bytes.utf8("k");

    /// A store whose conditional puts throw what it is told to throw.
    private static final class Throwing extends ForwardingStore {
        private volatile RuntimeException failure;

        Throwing() {
            super(new MemoryStore());
        }

        @Override
        public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
            if (failure != null) throw failure;
            return super.putIfAbsent(name, parts, putId);
        }
    }

    private final Throwing store = new Throwing();
    private final Settings settings =
            Settings.defaults()
                    .but()
                    .writeTimeout(Duration.ofSeconds(20))
                    .closeTimeout(Duration.ofMillis(500))
                    .build();

    @Test
    void shouldFailWritesTypedAndGoOnReadingWhenTheStoreRefuses() {
        HoldfastDb db = Engine.open(store, "", settings);
        db.put(KEY, Bytes.utf8("1"));
        store.failure = new ObjectStoreException.Refused("access denied", null);

        var thrown = assertThrows(Unavailable.class, () -> db.put(KEY, Bytes.utf8("2")));

        assertEquals(store.failure, thrown.getCause());
        assertEquals(Bytes.utf8("2"), db.get(KEY));
        store.failure = null;
        db.put(KEY, Bytes.utf8("3"));
        db.close();
    }

    @RepeatedTest(50) // who waits must see the cause, whichever thread is faster
    void shouldFailEveryCallWithTheCauseWhenABackgroundTaskBreaks() {
        HoldfastDb db = Engine.open(store, "", settings);
        store.failure = new IllegalStateException("a defect");

        var thrown = assertThrows(Closed.class, () -> db.put(KEY, Bytes.utf8("1")));

        assertEquals(Closed.Reason.FAILED, thrown.reason());
        var later = assertThrows(Closed.class, () -> db.get(KEY));
        assertEquals(Closed.Reason.FAILED, later.reason());
        assertEquals(store.failure, later.getCause().getCause());
        db.close();
    }

    @Test
    void shouldCommitNothingWhenTheHookThrows() {
        HoldfastDb db = Engine.open(store, "", settings);
        try (var view = db.view()) {
            var batch = new WriteBatch().put(KEY, Bytes.utf8("1"));
            var refusal = new IllegalArgumentException("no");
            assertEquals(
                    refusal,
                    assertThrows(
                            IllegalArgumentException.class,
                            () ->
                                    db.writeIfUnchanged(
                                            view,
                                            batch,
                                            _ -> {
                                                throw refusal;
                                            })));
        }
        assertEquals(0, db.watermarks().applied());
        db.write(new WriteBatch().put(KEY, Bytes.utf8("2")), Durability.REMOTE);
        db.shutdown(Mode.SMART, Duration.ofSeconds(5));
    }
}
