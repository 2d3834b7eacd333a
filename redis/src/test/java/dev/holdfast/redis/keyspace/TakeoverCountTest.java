package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Takes a database away from under its writers, as after a crash, and counts what is there.
class TakeoverCountTest {
    private static final Settings SETTINGS =
            Settings.defaults().but().flushInterval(Duration.ofMillis(1)).build();
    private static final int WRITERS = 4;

    private final TestEnv env = new TestEnv(1);

    @Test
    void shouldCountWhatIsThereWhenTheWriterWasCutOff() throws Exception {
        long seed = Long.getLong("takeover.seed", System.nanoTime());
        try (ObjectStore store = ObjectStores.open("memory:", Env.system())) {
            Db cutOff = null;
            for (int round = 0; round < 10; round++) {
                Db next = Engine.open(store, "", SETTINGS);
                compare(next, "seed=" + seed + " round=" + round);
                giveUp(cutOff);
                cutOff = next;
                writeInBackground(cutOff, seed + round);
            }
            try (Db last = Engine.open(store, "", SETTINGS)) {
                compare(last, "seed=" + seed + " at the end");
            }
            giveUp(cutOff);
        }
    }

    // What it still holds in memory is not in the way of the next.
    private static void giveUp(Db cutOff) {
        if (cutOff == null) return;
        try {
            cutOff.close();
        } catch (StorageException.Closed fenced) {
            assertEquals(StorageException.Closed.Reason.FENCED, fenced.reason());
        }
    }

    // Returns when the writers are under way; they end when they are fenced off.
    private void writeInBackground(Db db, long seed) throws InterruptedException {
        var keyspaces = Keyspaces.open(db, env);
        var underWay = new CountDownLatch(WRITERS * 200);
        for (int i = 0; i < WRITERS; i++) {
            var random = new Random(seed * WRITERS + i);
            Thread.ofVirtual().start(() -> writeUntilFenced(keyspaces, random, underWay));
        }
        assertTrue(underWay.await(60, TimeUnit.SECONDS), "left=" + underWay.getCount());
    }

    private static void writeUntilFenced(
            Keyspaces keyspaces, Random random, CountDownLatch underWay) {
        var calls = new CommandLine(keyspaces);
        try {
            for (int i = 0; i < 1_000_000; i++) {
                String key = "k" + random.nextInt(500);
                switch (random.nextInt(200)) {
                    case 0 -> calls.call("FLUSHDB");
                    case 1 -> calls.call("SWAPDB 0 1");
                    default ->
                            calls.call(random.nextInt(3) == 0 ? "DEL " + key : "SET " + key + " v");
                }
                underWay.countDown();
            }
        } catch (StorageException.Closed fenced) {
            underWay.countDown();
        }
    }

    private void compare(Db db, String told) throws InterruptedException {
        var keyspaces = Keyspaces.open(db, env);
        for (int database = 0; database < 2; database++) {
            List<FoundKey> found = new ArrayList<>();
            keyspaces.execute(database, keyspace -> keyspace.scan(0, 10_000, found::add));
            assertEquals(new KeyCount(found.size(), 0), keyspaces.keyCount(database), told);
        }
    }
}
