package dev.holdfast.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.azure.emulator.Azurite;
import dev.holdfast.azure.emulator.Bend;
import dev.holdfast.azure.emulator.Call;
import dev.holdfast.azure.emulator.Call.Operation;
import dev.holdfast.azure.emulator.FaultyProxy;
import dev.holdfast.base.Bytes;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Objects that go up in blocks.
@Tag("OBJ-16")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlocksTest {
    private static final int BLOCK = 10_000;

    private final List<Bytes> body = runs(7, 83_123);
    private Azurite azurite;
    private FaultyProxy proxy;
    private String container;
    private ObjectStore store;

    @BeforeEach
    void start() throws Exception {
        azurite = Azurite.shared();
        container = azurite.freshContainer();
        proxy = FaultyProxy.before(azurite);
        store = near("&attempt-timeout=1.5s&total-timeout=30s");
        store.put("proof", List.of());
    }

    @AfterEach
    void stop() {
        if (store == null) return;
        store.close();
        proxy.close();
    }

    @Test
    void shouldKeepEveryByteAndCountIt() {
        // given
        long before = store.traffic().bytesWritten();
        // when
        PutResult result = store.put("compacted/1.sst", body);
        // then
        assertInstanceOf(Stored.class, result);
        assertEquals(joined(body), store.get("compacted/1.sst"));
        assertEquals(83_123, store.traffic().bytesWritten() - before);
    }

    @Test
    void shouldRepeatOnlyTheRequestThatWentWrong() {
        List<Bend> passing =
                List.of(
                        new Bend.Refuse(500, "InternalError"),
                        new Bend.Refuse(503, "ServerBusy"),
                        new Bend.LoseRequest(),
                        new Bend.LoseReply(),
                        new Bend.DoAndRefuse(500, "InternalError"));
        for (Operation operation : List.of(Operation.PUT_BLOCK, Operation.COMMIT_BLOCKS))
            for (int i = 0; i < passing.size(); i++) {
                // given
                proxy.next(operation, passing.get(i));
                String name = "c/" + operation + i;
                long before = proxy.calls();
                // when
                PutResult result = store.put(name, body);
                // then
                assertInstanceOf(Stored.class, result, name);
                assertEquals(joined(body), store.get(name), name);
                assertTrue(proxy.calls() - before <= 9 + 1 + 1 + 3, name);
            }
    }

    @Test
    void shouldNotTakeACommitForDoneThatDoesNotSayWhatWasStored() {
        // given
        proxy.next(Operation.COMMIT_BLOCKS, new Bend.Mumble(201));
        // when
        PutResult result = store.put("compacted/1", body);
        // then
        assertInstanceOf(Stored.class, result);
        assertEquals(joined(body), store.get("compacted/1"));
    }

    @Test
    void shouldBeAbsentWhenABlockNeverArrives() {
        try (ObjectStore impatient = near("&attempt-timeout=0.8s&total-timeout=1.5s")) {
            // given
            proxy.follow(on(Operation.PUT_BLOCK, new Bend.Refuse(500, "InternalError")));
            // then: nothing was stored, and a listing shows nothing of what was begun
            assertThrows(ObjectStoreException.class, () -> impatient.put("compacted/1", body));
            assertNull(store.get("compacted/1"));
            assertNull(store.head("compacted/1"));
            assertEquals(List.of(), store.list("compacted/", null, 10));
        }
    }

    @Test
    void shouldBeAbsentAndUnknownWhenTheCommitIsNeverAnswered() {
        try (ObjectStore impatient = near("&attempt-timeout=0.8s&total-timeout=1.5s")) {
            // given
            proxy.follow(on(Operation.COMMIT_BLOCKS, new Bend.Silence()));
            // when
            PutResult result = impatient.put("compacted/1", body);
            // then
            assertInstanceOf(Unknown.class, result);
            assertNull(store.get("compacted/1"));
        }
    }

    @Test
    void shouldNeverMixTheBlocksOfTwoUploadsUnderOneName() {
        // given: between the last block of one and its commit the other comes, and is done
        List<Bytes> shorter = runs(8, 55_000);
        var hasCome = new AtomicBoolean();
        try (ObjectStore other = open(azurite.url(container, "db"))) {
            proxy.follow(call -> {
                if (call.operation() != Operation.COMMIT_BLOCKS
                        || !hasCome.compareAndSet(false, true)) return new Bend.None();
                assertInstanceOf(Stored.class, other.put("same", body));
                return new Bend.LoseRequest();
            });
            // when
            PutResult result = store.put("same", shorter);
            // then
            assertInstanceOf(Stored.class, result);
            assertEquals(joined(shorter), store.get("same"));
        }
    }

    @Test
    void shouldHaveAFewBlocksUnderWayAtATime() {
        // given
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        proxy.follow(call -> {
            if (call.operation() != Operation.PUT_BLOCK) return new Bend.None();
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            return new Bend.None();
        });
        // when
        store.put("compacted/1", runs(7, 30 * BLOCK));
        // then
        assertTrue(most.get() <= 4, "at a time: " + most);
    }

    private ObjectStore near(String more) {
        return open(proxy.url(container, "db") + more);
    }

    private static ObjectStore open(String url) {
        AzureLocation near = AzureLocation.of(url);
        return Stores.open(
                new AzureLocation(
                        near.account(),
                        near.container(),
                        near.prefix(),
                        near.endpoint(),
                        near.limits().withPartBytes(BLOCK)));
    }

    private static Function<Call, Bend> on(Operation operation, Bend bend) {
        return call -> call.operation() == operation ? bend : new Bend.None();
    }

    // Runs of odd sizes, so that blocks begin and end within them.
    private static List<Bytes> runs(long seed, int length) {
        var random = new Random(seed);
        List<Bytes> runs = new ArrayList<>();
        for (int left = length; 0 < left; ) {
            byte[] run = new byte[Math.min(left, 1 + random.nextInt(9_000))];
            random.nextBytes(run);
            runs.add(Bytes.wrap(run));
            left -= run.length;
        }
        return runs;
    }

    private static Bytes joined(List<Bytes> runs) {
        var whole = new java.io.ByteArrayOutputStream();
        runs.forEach(run -> whole.writeBytes(run.toArray()));
        return Bytes.wrap(whole.toByteArray());
    }
}
