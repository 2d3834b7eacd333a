package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
    private final MemoryStore store = new MemoryStore();

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    private HoldfastDb open() {
        return Engine.open(store, "db", Settings.defaults());
    }

    @Test
    void shouldKeepWhatWasPutWhenReopened() {
        try (Db db = open()) {
            db.put(bytes("a"), bytes("1"));
            db.write(new WriteBatch().put(bytes("b"), bytes("2")), Durability.MEMORY);
            db.delete(bytes("a"));
            assertNull(db.get(bytes("a")));
        }
        try (Db db = open()) {
            assertNull(db.get(bytes("a")));
            assertEquals(bytes("2"), db.get(bytes("b")));
        }
    }

    @Test
    void shouldReplayNothingAfterAClose() {
        try (Db db = open()) {
            for (int i = 0; i < 100; i++)
                db.write(new WriteBatch().put(bytes("k" + i), bytes("v")), Durability.MEMORY);
        }
        try (Db db = open()) {
            assertEquals(0, db.stats().walRecordsReplayed());
            assertEquals(bytes("v"), db.get(bytes("k99")));
        }
    }

    @Test
    void shouldFenceTheOlderWriterWhenOpenedAgain() {
        Db older = open();
        older.put(bytes("a"), bytes("1"));
        try (Db newer = open()) {
            Closed fenced =
                    assertThrows(Closed.class, () -> older.put(bytes("a"), bytes("zombie")));
            assertEquals(Closed.Reason.FENCED, fenced.reason());
            assertEquals(bytes("1"), newer.get(bytes("a")));
        }
        older.close();
    }

    @Test
    void shouldShowTheLogToAReader() {
        try (Db db = open()) {
            db.put(bytes("a"), bytes("1"));
            db.flushMemtables();
            db.put(bytes("b"), bytes("2"));
            try (DbReader reader = Engine.openReader(store, "db")) {
                assertEquals(bytes("1"), reader.get(bytes("a")));
                assertEquals(bytes("2"), reader.get(bytes("b")));
            }
        }
    }

    @Test
    void shouldRefuseToWriteBehindALogObjectWithoutBytes() {
        try (Db db = open()) {
            db.put(bytes("a"), bytes("1"));
        }
        long next = 1;
        while (store.get("db/wal/%020d.sst".formatted(next)) != null) next++;
        store.put("db/wal/%020d.sst".formatted(next), List.of(Bytes.EMPTY));

        assertThrows(Invalid.class, this::open);

        try (DbReader reader = Engine.openReader(store, "db")) {
            assertEquals(bytes("1"), reader.get(bytes("a")));
        }
    }

    @Test
    void shouldRefuseCallsWhenClosed() {
        Db db = open();
        db.close();
        Closed closed = assertThrows(Closed.class, () -> db.get(bytes("a")));
        assertEquals(Closed.Reason.CLEAN, closed.reason());
    }
}
