package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A database whose log lies in a store of its own.
@Timeout(60)
class WalStoreTest {
    private static final Settings SMALL =
            Settings.defaults()
                    .but()
                    .l0SstSize(ByteSize.kibibytes(4))
                    .unflushedMax(ByteSize.mebibytes(4))
                    .untended()
                    .build();
    private static final CollectionRules RULES =
            new CollectionRules(Duration.ofMinutes(5), CollectionRules.Sweep.REMOVE);

    @TempDir private Path folder;
    private final MemoryStore tables = new MemoryStore();

    private ObjectStore log(String name) {
        return ObjectStores.open(folder.resolve(name).toUri().toString(), Env.system());
    }

    private ObjectStore both() {
        return Engine.withWalStore(tables, "db", log("log"));
    }

    private static void write(HoldfastDb db, int from, int to) {
        for (int i = from; i < to; i++)
            db.write(
                    new WriteBatch().put(Bytes.utf8("key " + i), Bytes.utf8("value " + i)),
                    Durability.MEMORY);
        db.flush();
    }

    private static int count(ObjectStore store, String prefix) {
        return store.list(prefix, null, ObjectStore.LIST_LIMIT_MAX).size();
    }

    @Test
    void shouldKeepTheLogThereAndNowhereElse() throws InterruptedException {
        try (HoldfastDb db =
                Engine.builder(tables, "db").settings(SMALL).walStore(log("log")).open()) {
            write(db, 0, 100);
            db.flushMemtables();
            write(db, 100, 110);
        }
        assertEquals(0, count(tables, "db/wal/"));
        assertTrue(2 <= count(log("log"), "db/wal/"));
        assertEquals(0, count(log("log"), "db/manifest/"));
        assertEquals(0, count(log("log"), "db/compacted/"));
        try (HoldfastDb db = Engine.open(both(), "db", SMALL)) {
            assertEquals(Bytes.utf8("value 105"), db.get(Bytes.utf8("key 105")));
            write(db, 110, 120);
        }
        try (HoldfastReader reader = Engine.openReader(both(), "db", ReaderSettings.latest())) {
            assertEquals(Bytes.utf8("value 119"), reader.get(Bytes.utf8("key 119")));
        }
        var oldest = ChangeStream.Settings.unnamed().from(new ChangeStream.Start.Oldest());
        try (ChangeStream changes = Engine.changes(both(), "db", oldest)) {
            for (long seq = 1; seq <= 120; seq++) {
                ChangeStream.Batch batch = changes.next(Duration.ofSeconds(10));
                assertNotNull(batch);
                assertEquals(seq, batch.seq());
            }
        }
        assertTrue(Engine.fsck(both(), "db").isSound());
        Engine.collect(both(), "db", RULES);
    }

    @Test
    void shouldRefuseAnyOtherPlace() {
        Engine.builder(tables, "db").settings(SMALL).walStore(log("log")).open().close();
        int before = count(tables, "db/manifest/");
        for (ObjectStore wrong :
                new ObjectStore[] {tables, Engine.withWalStore(tables, "db", log("other"))}) {
            assertThrows(Invalid.class, () -> Engine.open(wrong, "db", SMALL));
            assertThrows(Invalid.class, () -> Engine.openReader(wrong, "db"));
            assertThrows(
                    Invalid.class, () -> Engine.openReader(wrong, "db", ReaderSettings.latest()));
            assertThrows(Invalid.class, () -> Engine.fsck(wrong, "db"));
            assertThrows(Invalid.class, () -> Engine.collect(wrong, "db", RULES));
            assertThrows(
                    Invalid.class, () -> Engine.backup(wrong, "db", new MemoryStore(), "copy"));
            assertThrows(
                    Invalid.class,
                    () -> Engine.changes(wrong, "db", ChangeStream.Settings.unnamed()));
        }
        assertEquals(before, count(tables, "db/manifest/"));
        Engine.open(tables, "usual", SMALL).close();
        var builder = Engine.builder(tables, "usual").settings(SMALL).walStore(log("log"));
        assertThrows(Invalid.class, builder::open);
    }

    @Test
    void shouldCopyItToWhereTheCopyHasItsLog() {
        try (HoldfastDb db = Engine.open(both(), "db", SMALL)) {
            write(db, 0, 50);
        }
        var vault = new MemoryStore();
        Engine.backup(both(), "db", vault, "copy");
        assertTrue(Engine.fsck(vault, "copy").isSound());
        try (HoldfastDb db = Engine.open(vault, "copy", SMALL)) {
            assertEquals(Bytes.utf8("value 49"), db.get(Bytes.utf8("key 49")));
        }
        assertFalse(count(vault, "copy/wal/") == 0);
    }
}
