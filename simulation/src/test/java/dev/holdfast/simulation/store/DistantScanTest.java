package dev.holdfast.simulation.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import dev.holdfast.simulation.DistantStore;
import dev.holdfast.simulation.Simulation;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How much of a store's latency a scan hides: the time that its requests would take one after
/// another, by the time that the scan takes. A scan that reads on its own thread alone has a ratio
/// of one.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD) // the one that made the world
class DistantScanTest {
    private static final int ROWS = 16_000;
    private static final int TABLES = 4;
    private static final Duration LATENCY = Duration.ofMillis(20); // half each way, on average
    private static final Settings SETTINGS =
            Settings.defaults().but().blockCacheSize(ByteSize.mebibytes(4)).build();

    private final Simulation simulation = new Simulation(5);
    private final CountingStore store =
            new CountingStore(new DistantStore(new MemoryStore(), simulation, LATENCY));
    private final Env env = simulation.node("machine").env();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void shouldTakeHalfOfTheTimeThatItsRequestsTake() {
        // given
        env.start("writer", this::fill);
        simulation.run(Duration.ofHours(1));
        long before = store.calls(Operation.GET);
        // when
        env.start("scanner", this::scan);
        simulation.run(Duration.ofHours(1));
        // then
        long gets = store.calls(Operation.GET) - before;
        double ratio = gets * (double) LATENCY.toNanos() / nanos.get();
        System.out.printf(
                "scan of %d MiB at 20 ms: %d requests in %d ms, ratio %.1f%n",
                ROWS / 1024, gets, nanos.get() / 1_000_000, ratio);
        assertEquals(ROWS, rows.get());
        assertTrue(2 < ratio, "ratio=" + ratio);
    }

    private void fill() {
        var random = new Random(1);
        try (HoldfastDb db = open()) {
            for (int table = 0; table < TABLES; table++) {
                for (int i = table; i < ROWS; i += TABLES) {
                    byte[] value = new byte[1024];
                    random.nextBytes(value);
                    var batch = new WriteBatch().put(key(i), Bytes.wrap(value));
                    db.write(batch, Durability.MEMORY);
                }
                db.flushMemtables();
            }
        }
    }

    private void scan() {
        try (HoldfastDb db = open()) {
            long start = env.nanoTime();
            try (Scan scan = db.scan(KeyRange.all(), Order.ASCENDING)) {
                while (scan.next()) rows.incrementAndGet();
            }
            nanos.set(env.nanoTime() - start);
        }
    }

    private HoldfastDb open() {
        return Engine.builder(store, "db").settings(SETTINGS).env(env).open();
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key%08d".formatted(number));
    }
}
