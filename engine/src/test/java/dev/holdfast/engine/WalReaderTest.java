package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.WalReader;
import dev.holdfast.engine.api.upkeep.WalReader.Kind;
import dev.holdfast.engine.api.upkeep.WalReader.WalFile;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The objects of a log, looked at one by one.
@Timeout(60)
class WalReaderTest {
    private static final Settings QUIET = Settings.defaults().but().untended().build();
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final long LATER = 4_000_000_000_000L;

    private final MemoryStore store = new MemoryStore();
    private final WalReader log = Engine.walReader(store, "db");

    @Test
    void shouldTellEveryRowAsItWasWritten() {
        // given
        long first;
        long second;
        try (HoldfastDb db = Engine.open(store, "db", QUIET)) {
            first = db.write(new WriteBatch().put(A, B, LATER).delete(B), Durability.REMOTE);
            second = db.put(B, A);
        }
        // when
        var entries = new ArrayList<WalReader.Entry>();
        for (WalFile file : log.list(1, 1000)) entries.addAll(log.rows(file.id()));
        // then
        assertEquals(
                List.of(first, first, second), entries.stream().map(WalReader.Entry::seq).toList());
        assertEquals(
                List.of(Kind.PUT, Kind.DELETE, Kind.PUT),
                entries.stream().map(WalReader.Entry::kind).toList());
        assertEquals(List.of(A, B, B), entries.stream().map(WalReader.Entry::key).toList());
        assertEquals(B, entries.getFirst().value());
        assertEquals(LATER, entries.getFirst().expireAtMillis());
        assertNull(entries.getLast().expireAtMillis());
    }

    @Test
    void shouldListFencesAndObjectsByRisingId() {
        // given
        for (int life = 0; life < 3; life++)
            try (HoldfastDb db = Engine.open(store, "db", QUIET)) {
                db.put(A, B);
            }
        // when
        List<WalFile> files = log.list(1, 1000);
        // then
        assertTrue(6 <= files.size(), files.toString());
        for (int i = 0; i < files.size(); i++) assertEquals(files.get(i), log.get(1L + i));
        assertEquals(files.subList(2, 4), log.list(files.get(1).nextId(), 2));
        assertEquals(List.of(), log.rows(files.getFirst().id()));
        long beyond = files.getLast().nextId();
        assertNull(log.get(beyond));
        assertThrows(CorruptData.class, () -> log.rows(beyond));
    }
}
