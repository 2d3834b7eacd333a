package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a put that waits for nothing costs its caller.
@Timeout(120)
class HotPutTest {
    private static final int ROWS = 20_000;
    private static final int ROUNDS = 5;
    private static final int VALUE_BYTES = 100;
    // The row itself lies in the batch, in the log and in the memtable.
    private static final long BYTES_MAX = 1024;

    @Test
    void shouldAllocateLittleBesideTheRow() {
        Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
        var keys = new Bytes[ROWS];
        for (int i = 0; i < ROWS; i++) keys[i] = Bytes.utf8("key%013d".formatted(i));
        try (ObjectStore store = ObjectStores.open("memory:", Env.system());
                HoldfastDb db = Engine.open(store, "db", Settings.defaults())) {
            // given
            for (int round = 0; round < ROUNDS; round++) put(db, keys, value);
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            // when
            long before = threads.getCurrentThreadAllocatedBytes();
            put(db, keys, value);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            // then
            assertTrue(allocated <= BYTES_MAX * ROWS, allocated / ROWS + " bytes a put");
        }
    }

    private static void put(HoldfastDb db, Bytes[] keys, Bytes value) {
        for (Bytes key : keys) db.write(new WriteBatch().put(key, value), Durability.MEMORY);
    }
}
