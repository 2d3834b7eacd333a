package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Memtables that are large enough to be encoded in two halves.
@Timeout(120)
class LargeFlushTest {
    private static final int ROWS = 24_000;
    private static final int KEYS = 20_000;
    private static final int VALUE_BYTES = 500;
    private static final Settings SETTINGS =
            Settings.defaults().but().compaction(CompactionSettings.off()).build();

    @Test
    void shouldMakeOneTableOfALargeMemtable() {
        assertFlushes(SETTINGS);
    }

    @Test
    void shouldMakeOneTableOfALargeMemtableThatIsSealed() {
        byte[] key = new byte[32];
        new Random(1).nextBytes(key);
        assertFlushes(SETTINGS.but().keys(KeyRing.of(1, key)).build());
    }

    private static void assertFlushes(Settings settings) {
        try (ObjectStore store = ObjectStores.open("memory:", Env.system())) {
            var model = new TreeMap<Bytes, byte[]>();
            try (HoldfastDb db = Engine.open(store, "db", settings)) {
                // given
                fill(db, model);
                assertTrue(ByteSize.mebibytes(8).bytes() < db.stats().memtableBytes());
                // when
                db.flushMemtables();
                // then
                assertEquals(1, db.stats().l0Ssts());
                assertHolds(model, db);
            }
            try (HoldfastDb db = Engine.open(store, "db", settings)) {
                assertHolds(model, db);
            }
            assertTrue(Engine.builder(store, "db").settings(settings).fsck().isSound());
        }
    }

    private static void fill(HoldfastDb db, TreeMap<Bytes, byte[]> model) {
        var random = new Random(7);
        for (int i = 0; i < ROWS; i++) {
            Bytes key = Bytes.utf8("key%08d".formatted(random.nextInt(KEYS)));
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            db.write(new WriteBatch().put(key, Bytes.wrap(value)), Durability.MEMORY);
            model.put(key, value);
        }
    }

    private static void assertHolds(TreeMap<Bytes, byte[]> model, HoldfastDb db) {
        try (Scan scan = db.scan(KeyRange.all(), Order.ASCENDING)) {
            for (var each : model.entrySet()) {
                assertTrue(scan.next());
                assertEquals(each.getKey(), scan.key());
                assertEquals(Bytes.wrap(each.getValue()), scan.value());
                assertEquals(Bytes.wrap(each.getValue()), db.get(each.getKey()));
            }
            assertFalse(scan.next());
        }
    }
}
