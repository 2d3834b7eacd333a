package dev.holdfast.engine;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An opener that sleeps in the middle, and wakes up to a log that was collected.
@Timeout(60)
class OpenerOvertakenTest {
    private static final Settings SETTINGS = Settings.defaults().but().untended().build();

    private final MemoryStore store = new MemoryStore();
    private final ManifestStore manifests = new ManifestStore(store, "db", Env.system());
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

    /// A store where things happen before its log is listed, one each time.
    private final class Dozing extends ForwardingStore {
        private final Iterator<Runnable> meanwhile;

        Dozing(Runnable... meanwhile) {
            super(store);
            this.meanwhile = List.of(meanwhile).iterator();
        }

        @Override
        public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
            if (prefix.equals("db/wal/") && meanwhile.hasNext()) meanwhile.next().run();
            return super.list(prefix, after, limit);
        }
    }

    // Leaves a log that goes on behind a gap, and tables with what is missing.
    private void takeOverAndCollect() {
        writeAndClose();
        long covered = requireNonNull(manifests.latest()).manifest().replayAfterWalId();
        for (ObjectMeta object : store.list("db/wal/", null, 100))
            if (NumberedNames.wals("db").id(object.name()) <= covered) store.delete(object.name());
        writeAndClose();
    }

    private void loseTheObjectBeforeTheLast() {
        var names = NumberedNames.wals("db");
        store.put(names.name(names.id(logged) + 1), List.of(requireNonNull(store.get(logged))));
        store.delete(logged);
    }

    private void writeAndClose() {
        try (HoldfastDb db = Engine.open(store, "db", SETTINGS)) {
            db.put(Bytes.utf8("later"), Bytes.utf8("value"));
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

    @Test
    void shouldGoOnFromTheNewestManifestIfTheLogWasCollectedBeforeItWasListed() {
        var dozing = new Dozing(this::takeOverAndCollect);
        try (HoldfastDb db = Engine.open(dozing, "db", SETTINGS)) {
            assertEquals(Bytes.utf8("value"), db.get(Bytes.utf8("key")));
            assertEquals(Bytes.utf8("value"), db.get(Bytes.utf8("later")));
        }
    }

    @Test
    void shouldBeFencedIfTheLogWasCollectedBetweenItsTwoLists() {
        var dozing = new Dozing(() -> {}, this::takeOverAndCollect);
        var overtaken =
                new ForwardingStore(dozing) {
                    private boolean hasSlept;

                    // Before the opener raises the epoch: what it listed is in tables then.
                    @Override
                    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
                        if (!hasSlept && name.startsWith("db/manifest/")) {
                            hasSlept = true;
                            writeAndClose();
                        }
                        return super.putIfAbsent(name, parts, putId);
                    }
                };
        Closed closed =
                assertThrows(Closed.class, () -> Engine.open(overtaken, "db", SETTINGS).close());
        assertEquals(Closed.Reason.FENCED, closed.reason());
    }

    @Test
    void shouldTellOfDamageIfTheNewestManifestHasNoTablesOfWhatIsMissing() {
        var dozing = new Dozing(this::loseTheObjectBeforeTheLast);
        CorruptData damage =
                assertThrows(CorruptData.class, () -> Engine.open(dozing, "db", SETTINGS).close());
        assertTrue(damage.isMissing());
    }
}
