package dev.holdfast.engine.note;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class IngestNotesTest {
    private static final String NOTE = "db/ingest/%020d-%020d-%020d-%020d";

    private final MemoryStore store = new MemoryStore();

    private String noteOf(long seq, long epoch) {
        String name = NOTE.formatted(seq - 1, seq, 7, epoch);
        store.put(name, List.of(Bytes.utf8("note")));
        return name;
    }

    @Test
    void shouldLeaveTheNotesOfNewerWritersWhenOneThatIsFencedBegins() {
        String committed = noteOf(10, 1);
        noteOf(30, 1); // never published
        String newer = noteOf(40, 2);

        new IngestNotes(store, "db", Env.system()).removeAbove(20, 1);

        assertEquals(
                List.of(committed, newer),
                store.list("db/ingest/", null, ObjectStore.LIST_LIMIT_MAX).stream()
                        .map(ObjectMeta::name)
                        .toList());
    }
}
