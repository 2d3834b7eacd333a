package dev.holdfast.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.azure.emulator.Azurite;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is left of acknowledged objects when the server goes away under load, and how long calls
/// last meanwhile.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzuriteOutageTest {
    private static final int WRITERS = 6;
    private static final String LIMITS = "&attempt-timeout=1.5s&total-timeout=60s";

    @TempDir private Path folder;

    @Test
    @Tag("OBJ-03")
    void shouldKeepWhatWasAcknowledgedWhenTheServerIsRestarted() throws Exception {
        Azurite azurite = Azurite.in(folder, 0);
        String url = azurite.freshUrl("db") + LIMITS;
        Map<String, Attempt> attempts = new ConcurrentHashMap<>();
        var isOver = new AtomicBoolean();
        try (ObjectStore store = Stores.open(url);
                var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            store.put("proof", List.of());
            for (int writer = 0; writer < WRITERS; writer++) {
                String names = "w/" + writer + "/";
                writers.submit(() -> writeUntil(isOver, store, names, attempts));
            }
            // when: it is asked to stop, as the emulator keeps its promises only then
            pause(Duration.ofMillis(700));
            azurite.stop();
            azurite = Azurite.in(folder, azurite.port());
            pause(Duration.ofMillis(700));
            isOver.set(true);
            writers.shutdown();
            assertTrue(writers.awaitTermination(100, TimeUnit.SECONDS));
            // then
            assertTrue(WRITERS < attempts.size(), "attempts=" + attempts.size());
            attempts.forEach((name, attempt) -> attempt.judge(store, name));
        } finally {
            isOver.set(true);
            azurite.close();
        }
    }

    @Test
    @Tag("OBJ-01")
    @Tag("OBJ-20")
    void shouldEndInTimeWhenTheServerIsKilledAndGoOnWithTheNextOne() throws Exception {
        Azurite azurite = Azurite.in(folder, 0);
        String container = azurite.freshContainer();
        String url = azurite.url(container, "db") + "&attempt-timeout=1s&total-timeout=2s";
        try (ObjectStore store = Stores.open(url)) {
            store.put("before", List.of(Bytes.utf8("x")));
            // when
            azurite.signal("KILL");
            long call = System.nanoTime();
            // then
            assertThrows(Unavailable.class, () -> store.get("before"));
            PutResult put = putOrNothing(store, "m/1");
            assertTrue(put == null || put instanceof Unknown, "put=" + put);
            assertTrue(System.nanoTime() - call < Duration.ofSeconds(20).toNanos());
            // when: another in its place, which may have forgotten what was not yet on its disk
            azurite = Azurite.in(folder, azurite.port());
            azurite.container(container).createIfNotExists();
            assertInstanceOf(Stored.class, store.put("after", List.of(Bytes.utf8("y"))));
        } finally {
            azurite.close();
        }
    }

    @Test
    @Tag("OBJ-20")
    void shouldEndInTimeWhileTheServerIsSilentAndGoOnAfterwards() throws Exception {
        beSilentFor(Duration.ofSeconds(2), "&attempt-timeout=0.7s&total-timeout=1s");
    }

    @Test
    @Tag("long")
    @Tag("OBJ-20")
    void shouldEndInTimeWhileTheServerIsSilentForHalfAMinute() throws Exception {
        beSilentFor(Duration.ofSeconds(30), "&attempt-timeout=2s&total-timeout=5s");
    }

    private void beSilentFor(Duration time, String limits) throws Exception {
        try (Azurite azurite = Azurite.in(folder, 0);
                ObjectStore store = Stores.open(azurite.freshUrl("db") + limits)) {
            store.put("before", List.of(Bytes.utf8("x")));
            Ulid putId = id();
            long start = System.nanoTime();
            // when
            azurite.signal("STOP");
            try {
                while (System.nanoTime() - start < time.toNanos()) {
                    long call = System.nanoTime();
                    // then
                    assertThrows(Unavailable.class, () -> store.get("before", 0, 1));
                    assertInstanceOf(Unknown.class, store.putIfAbsent("m/1", List.of(), putId));
                    long took = System.nanoTime() - call;
                    assertTrue(took < Duration.ofSeconds(30).toNanos(), "took " + took);
                }
            } finally {
                azurite.signal("CONT");
            }
            // then: what arrived meanwhile may be done now, once
            assertInstanceOf(Stored.class, store.put("after", List.of(Bytes.utf8("y"))));
            assertEquals(Bytes.utf8("x"), store.get("before"));
            switch (store.putIfAbsent("m/1", List.of(), putId)) {
                case Stored _ -> {}
                case AlreadyExists _ -> {
                    ObjectMeta meta = store.head("m/1");
                    assertEquals(putId, meta == null ? null : meta.putId());
                }
                case Unknown unknown -> throw new AssertionError(unknown);
            }
        }
    }

    private static PutResult putOrNothing(ObjectStore store, String name) {
        try {
            return store.putIfAbsent(name, List.of(), id());
        } catch (Unavailable nothingHappened) {
            return null;
        }
    }

    private static void writeUntil(
            AtomicBoolean isOver, ObjectStore store, String names, Map<String, Attempt> attempts) {
        for (int i = 0; !isOver.get(); i++) {
            Ulid putId = id();
            Bytes body = Bytes.utf8(names + i);
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

    private static Ulid id() {
        return Ulid.next(Env.system());
    }

    private static void pause(Duration time) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
