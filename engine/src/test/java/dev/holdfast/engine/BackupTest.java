package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.upkeep.BackupReport;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.objectstore.fault.CrashingStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A database copied while it is written, again and again, and brought back.
@Timeout(120)
class BackupTest {
    private final MemoryStore store = new MemoryStore();
    private final MemoryStore vault = new MemoryStore();

    private static Settings tiny(Random random) {
        return RandomSettings.tiny(random).compaction(CompactionSettings.off()).build();
    }

    @Test
    void shouldCopyOnlyWhatIsNewAndBeAWholeDatabase() {
        Seeds.fresh(5)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var workload = new Workload(seed);
                    String path = "db" + seed;
                    long copied = 0;
                    try (HoldfastDb db = Engine.open(store, path, tiny(random))) {
                        for (int round = 0; round < 4; round++) {
                            assertTrue(workload.run(db, 60));
                            db.flush();
                            workload.acknowledgeAll();
                            copied = Engine.backup(store, path, vault, path).objectsCopied();
                            assertSound(path, seed);
                        }
                        // However many memtables wait, closing has nothing to add to this.
                        db.flushMemtables();
                        Engine.backup(store, path, vault, path);
                    }
                    BackupReport again = Engine.backup(store, path, vault, path);
                    assertTrue(0 < copied, "seed=" + seed);
                    assertTrue(again.objectsCopied() <= 3, again + " seed=" + seed);
                    try (HoldfastDb db = Engine.open(vault, path, tiny(random))) {
                        assertEquals("", workload.differenceFrom(db), "seed=" + seed);
                    }
                });
    }

    private void assertSound(String path, long seed) {
        FsckReport report = Engine.fsck(vault, path);
        assertTrue(report.isSound(), report.problems() + " seed=" + seed);
    }

    /// The destination is read after a death at every call of it: it is sound, and holds a prefix.
    @Test
    void shouldBeAWholeDatabaseAfterEveryPut() {
        var workload = new Workload(7);
        var random = new Random(7);
        int least;
        try (HoldfastDb db = Engine.open(store, "db", tiny(random))) {
            assertTrue(workload.run(db, 60));
            db.flush();
            workload.acknowledgeAll();
            least = workload.acknowledged();
            Engine.backup(store, "db", vault, "db");
            assertTrue(workload.run(db, 60));
            db.flush();
        }
        int deaths = 0;
        for (long call = 1; call < 10_000; call++) {
            MemoryStore copy = copyOf(vault);
            var dying = new CrashingStore(copy, call, CrashingStore.Moment.APPLIED);
            boolean isWhole = backedUp(dying);
            assertTrue(Engine.fsck(copy, "db").isSound(), "death at call " + call);
            try (var reader = Engine.openReader(copy, "db")) {
                assertEquals("", workload.differenceOfCopy(reader, least), "death at call " + call);
            }
            if (isWhole) break;
            deaths++;
        }
        System.out.println("deaths: " + deaths);
        assertTrue(5 < deaths, "deaths: " + deaths);
    }

    private boolean backedUp(CrashingStore dying) {
        try {
            Engine.backup(store, "db", dying, "db");
            return true;
        } catch (StorageException died) {
            return false;
        }
    }

    /// The source dies at every call: a copy that was made counts, and damage is not hidden.
    @Test
    void shouldCountACopyThatWasMadeThoughItsCheckpointCannotBeGivenUp() {
        try (HoldfastDb db = Engine.open(store, "db", tiny(new Random(5)))) {
            assertTrue(new Workload(5).run(db, 40));
            db.flush();
        }
        boolean hasCounted = false;
        for (long call = 1; call < 10_000; call++) {
            MemoryStore source = copyOf(store);
            var dying = new CrashingStore(source, call, CrashingStore.Moment.BEFORE);
            var target = new MemoryStore();
            boolean isMade;
            try {
                Engine.backup(dying, "db", target, "db");
                isMade = true;
            } catch (StorageException died) {
                isMade = false;
            }
            hasCounted |= isMade && dying.hasCrashed();
            if (isMade) assertTrue(Engine.fsck(target, "db").isSound(), "death at call " + call);
            if (!dying.hasCrashed()) break;
        }
        assertTrue(hasCounted, "no copy was made before the source died");
    }

    @Test
    void shouldRefuseADestinationThatBecameADatabaseOfItsOwn() {
        var random = new Random(3);
        try (HoldfastDb db = Engine.open(store, "db", tiny(random))) {
            db.put(Bytes.utf8("a"), Bytes.utf8("1"));
        }
        Engine.backup(store, "db", vault, "db");
        try (HoldfastDb other = Engine.open(vault, "db", tiny(random))) {
            other.put(Bytes.utf8("a"), Bytes.utf8("2"));
        }
        assertThrows(
                StorageException.Conflict.class, () -> Engine.backup(store, "db", vault, "db"));
        assertThrows(StorageException.Invalid.class, () -> Engine.backup(store, "no", vault, "no"));
    }

    private static MemoryStore copyOf(MemoryStore from) {
        var copy = new MemoryStore();
        for (var object : from.list("", null, 1000)) {
            Bytes body = from.get(object.name());
            if (body != null) copy.put(object.name(), java.util.List.of(body));
        }
        return copy;
    }
}
