package dev.holdfast.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.ObjectStoreContract;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The contract over HTTP on Ceph's gateway, and what is left of acknowledged objects when it is
/// killed or falls silent.
@Timeout(300)
class CephContractTest extends ObjectStoreContract {
    private static final AtomicInteger TURNS = new AtomicInteger();
    @TempDir private static Path folder;
    private static CephGateway ceph;

    @BeforeAll
    static void start() throws Exception {
        ceph = CephGateway.start(folder.resolve("ceph"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (ceph != null) ceph.stop();
    }

    @Override
    protected ObjectStore open() {
        return ceph.open("turn-" + TURNS.incrementAndGet(), "");
    }

    @Test
    void shouldSendALargeObjectInPartsAndLeaveNothingBehind() {
        try (ObjectStore store = open()) {
            // given
            byte[] large = new byte[40_000_000];
            new java.util.Random(3).nextBytes(large);
            // when
            PutResult result = store.put("compacted/1.sst", List.of(Bytes.wrap(large)));
            // then
            assertInstanceOf(Stored.class, result);
            assertEquals(Bytes.wrap(large), store.get("compacted/1.sst"));
            assertEquals(0, store.removeUnfinished("", Long.MAX_VALUE));
        }
    }

    @Test
    @Tag("OBJ-03")
    void shouldKeepWhatWasAcknowledgedWhenTheGatewayIsKilled() throws Exception {
        String prefix = "killed-" + TURNS.incrementAndGet();
        Map<String, Attempt> attempts = new ConcurrentHashMap<>();
        var isOver = new AtomicBoolean();
        try (ObjectStore store = ceph.open(prefix, "&attempt-timeout=3s&total-timeout=60s");
                var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            store.put("proof", List.of());
            for (int writer = 0; writer < 8; writer++) {
                String names = "w/" + writer + "/";
                writers.submit(() -> writeUntil(isOver, store, names, attempts));
            }
            // when
            for (int kill = 0; kill < 3; kill++) {
                pause(Duration.ofSeconds(1));
                ceph.signal("KILL");
                ceph.startAgain();
            }
            pause(Duration.ofSeconds(1));
            isOver.set(true);
            writers.shutdown();
            assertTrue(writers.awaitTermination(100, TimeUnit.SECONDS));
            // then
            assertTrue(20 < attempts.size(), "attempts=" + attempts.size());
            attempts.forEach((name, attempt) -> attempt.judge(store, name));
        }
    }

    @Test
    @Tag("OBJ-20")
    void shouldEndInTimeWhileTheGatewayIsSilentAndGoOnAfterwards() throws Exception {
        String prefix = "silent-" + TURNS.incrementAndGet();
        try (ObjectStore store = ceph.open(prefix, "&attempt-timeout=2s&total-timeout=5s")) {
            store.put("before", List.of(utf8("x")));
            long start = System.nanoTime();
            // when: for thirty seconds
            ceph.signal("STOP");
            try {
                while (System.nanoTime() - start < Duration.ofSeconds(30).toNanos()) {
                    long call = System.nanoTime();
                    // then
                    assertThrows(Unavailable.class, () -> store.get("before", 0, 1));
                    assertInstanceOf(Unknown.class, store.putIfAbsent("m/1", List.of(), id()));
                    long took = System.nanoTime() - call;
                    assertTrue(took < Duration.ofSeconds(30).toNanos(), "took " + took);
                }
            } finally {
                ceph.signal("CONT");
            }
            assertInstanceOf(Stored.class, store.put("after", List.of(utf8("y"))));
            assertEquals(utf8("x"), store.get("before"));
        }
    }

    private static void writeUntil(
            AtomicBoolean isOver, ObjectStore store, String names, Map<String, Attempt> attempts) {
        for (int i = 0; !isOver.get(); i++) {
            Ulid putId = id();
            Bytes body = utf8(names + i);
            PutResult result = store.putIfAbsent(names + i, List.of(body), putId);
            attempts.put(names + i, new Attempt(putId, body, result));
        }
    }

    /// A put to a name that nobody else wants.
    private record Attempt(Ulid putId, Bytes body, PutResult result) {
        void judge(ObjectStore store, String name) {
            ObjectMeta meta = store.head(name);
            switch (result) {
                case Stored _ -> {
                    assertEquals(putId, meta == null ? null : meta.putId(), name);
                    assertEquals(body, store.get(name), name);
                }
                case AlreadyExists _ ->
                        throw new AssertionError("took itself for another: " + name);
                case Unknown _ -> {
                    if (meta != null) assertEquals(putId, meta.putId(), name);
                }
            }
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
