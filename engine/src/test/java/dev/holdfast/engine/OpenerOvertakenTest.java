package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.fault.ForwardingStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An opener that sleeps in the middle, and wakes up to a log that was collected.
@Timeout(60)
class OpenerOvertakenTest {
    private static final Settings SETTINGS = Settings.defaults().but().untended().build();

    private final MemoryStore store = new MemoryStore();
    private String logged = ""; // the last object of the log

    /// A store where something happens before the first object of the log with rows is read.
    private final class Sleeping extends ForwardingStore {
        private final Runnable meanwhile;
        private boolean hasSlept;

        Sleeping(Runnable meanwhile) {
            super(store);
            this.meanwhile = meanwhile;
        }

        @Override
        public @Nullable Bytes get(String name) {
            if (!hasSlept && name.equals(logged)) {
                hasSlept = true;
                meanwhile.run();
                store.delete(name);
            }
            return super.get(name);
        }
    }

    @BeforeEach
    void leaveALog() {
        HoldfastDb db = Engine.open(store, "db", SETTINGS);
        db.write(new WriteBatch().put(Bytes.utf8("key"), Bytes.utf8("value")), Durability.REMOTE);
        logged =
                store.list("db/wal/", null, 10).stream()
                        .map(object -> object.name())
                        .reduce("", (_, later) -> later);
        // It is left as a crash would leave it; what it does from now on is fenced.
    }

    @Test
    void shouldBeFencedIfAnotherHasTakenOver() {
        var sleeping = new Sleeping(() -> Engine.open(store, "db", SETTINGS).close());
        Closed closed =
                assertThrows(Closed.class, () -> Engine.open(sleeping, "db", SETTINGS).close());
        assertEquals(Closed.Reason.FENCED, closed.reason());
    }

    @Test
    void shouldTellOfDamageIfNobodyHas() {
        var sleeping = new Sleeping(() -> {});
        CorruptData damage =
                assertThrows(
                        CorruptData.class, () -> Engine.open(sleeping, "db", SETTINGS).close());
        assertTrue(damage.isMissing());
    }
}
