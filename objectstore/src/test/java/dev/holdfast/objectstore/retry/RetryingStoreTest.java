package dev.holdfast.objectstore.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.ObjectStoreContract;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable.Reason;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import dev.holdfast.objectstore.api.StoreTraffic;
import dev.holdfast.objectstore.fault.Fault;
import dev.holdfast.objectstore.fault.Fault.FailBefore;
import dev.holdfast.objectstore.fault.Fault.Late;
import dev.holdfast.objectstore.fault.Fault.LostReply;
import dev.holdfast.objectstore.fault.Fault.Outage;
import dev.holdfast.objectstore.fault.Fault.Refuse;
import dev.holdfast.objectstore.fault.FaultPlan;
import dev.holdfast.objectstore.fault.FaultRates;
import dev.holdfast.objectstore.fault.FaultStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over a store that fails one call in seven, and what becomes of single faults.
class RetryingStoreTest extends ObjectStoreContract {
    private static final List<Bytes> OURS = List.of(Bytes.utf8("ours"));
    @TempDir private Path folder;
    private final Env env = new ImpatientEnv(7);
    private final MemoryStore memory = new MemoryStore(Env.system());

    @Override
    protected ObjectStore open() {
        long seed = Long.getLong("store.seed", new Random().nextLong());
        System.out.println("store.seed=" + seed);
        var faulty = new FaultStore(memory, FaultPlan.seeded(seed, FaultRates.unreliable()), env);
        return new RetryingStore(faulty, RetryPolicy.defaults(), env);
    }

    @Test
    void shouldCountAndTellWhatItRepeats() throws IOException {
        // given
        Path file = folder.resolve("recorded.jfr");
        var store = over(script(Map.of(0L, new FailBefore(), 1L, new FailBefore())));
        // when
        try (var recording = new Recording()) {
            recording.enable("dev.holdfast.StoreRetry");
            recording.start();
            store.head("m/1");
            recording.stop();
            recording.dump(file);
        }
        // then
        assertEquals(new StoreTraffic.Retries(0, 0, 0, 2, 0), store.traffic().retries());
        List<RecordedEvent> events =
                RecordingFile.readAllEvents(file).stream()
                        .filter(event -> event.getEventType().getName().endsWith("StoreRetry"))
                        .toList();
        assertEquals(2, events.size());
        assertEquals("head", events.getFirst().getString("call"));
        assertEquals("m/1", events.getFirst().getString("object"));
        assertEquals("OTHER", events.getFirst().getString("reason"));
        assertEquals(2, events.getLast().getInt("attempts"));
    }

    @Test
    void shouldCountByReason() {
        // given
        var repeater = new Repeater(RetryPolicy.defaults(), env);
        var asked = new AtomicInteger();
        // when
        repeater.repeat(
                "get",
                "m/1",
                () -> {
                    int call = asked.getAndIncrement();
                    if (call < Reason.values().length)
                        throw new Unavailable("no", null, Reason.values()[call]);
                    return call;
                });
        var never =
                assertThrows(
                        Unavailable.class,
                        () ->
                                new Repeater(
                                                new RetryPolicy(
                                                        1,
                                                        Duration.ofMillis(1),
                                                        Duration.ofMillis(1),
                                                        Duration.ofSeconds(1)),
                                                env)
                                        .repeat("get", "m/1", RetryingStoreTest::refused));
        // then
        assertEquals(new StoreTraffic.Retries(1, 1, 1, 1, 0), repeater.retries());
        assertEquals(Reason.SLOW_DOWN, never.reason());
    }

    private static Integer refused() {
        throw new Unavailable("no", null, Reason.SLOW_DOWN);
    }

    @Test
    @Tag("OBJ-03")
    @Tag("OBJ-04")
    void shouldWinWhenTheReplyToItsOwnPutWasLost() {
        // given
        var store = over(script(Map.of(0L, new LostReply())));
        // when
        PutResult result = store.putIfAbsent("m/1", OURS, id());
        // then
        assertInstanceOf(Stored.class, result);
    }

    @Test
    void shouldLoseWhenTheReplyWasLostAndAnotherHadTheName() {
        // given
        memory.putIfAbsent("m/1", OURS, id());
        var store = over(script(Map.of(0L, new LostReply())));
        // when: the bytes are equal, the id is not
        PutResult result = store.putIfAbsent("m/1", OURS, id());
        // then
        assertInstanceOf(AlreadyExists.class, result);
    }

    @Test
    void shouldLoseWhenTheRequestWasLostAndAnotherCameFirst() {
        // given
        var store = over(script(Map.of(0L, new FailBefore())));
        memory.putIfAbsent("m/1", OURS, id());
        // then
        assertInstanceOf(AlreadyExists.class, store.putIfAbsent("m/1", OURS, id()));
    }

    @Test
    void shouldStayUnknownWhenTheStoreKeepsNoPutIds() {
        // given: equal bytes, which prove nothing
        var store = over(new WithoutAttributes(script(Map.of(0L, new LostReply()))));
        // when
        PutResult result = store.putIfAbsent("m/1", OURS, id());
        // then
        assertInstanceOf(Unknown.class, result);
    }

    @Test
    void shouldStoreOnceWhenTheFirstAttemptLandsLate() {
        // given: it lands just before the second attempt, or after it
        for (int late = 1; late <= 3; late++) {
            var faulty = script(Map.of(0L, new Late(late)));
            Ulid putId = id();
            String name = "m/" + late;
            // when
            PutResult result = over(faulty).putIfAbsent(name, OURS, putId);
            faulty.landAll();
            // then
            assertInstanceOf(Stored.class, result);
            ObjectMeta meta = memory.head(name);
            assertEquals(putId, meta == null ? null : meta.putId());
        }
    }

    @Test
    void shouldNeverCallAPutFailedOnceItMayHaveHappened() {
        // given: the reply is lost, then the store is away for good, or refuses
        for (Fault then : List.of(new Outage(1000), new Refuse())) {
            var faulty = script(Map.of(0L, new LostReply(), 1L, then, 2L, then));
            // then
            assertInstanceOf(Unknown.class, over(faulty).put("a", OURS));
        }
    }

    @Test
    @Tag("OBJ-02")
    void shouldGiveUpInTimeWhenTheStoreStaysAway() {
        // given
        var store = over(script(Map.of(0L, new Outage(1000))));
        long before = env.nanoTime();
        // then
        assertThrows(Unavailable.class, () -> store.get("a"));
        long took = env.nanoTime() - before;
        assertTrue(took <= RetryPolicy.defaults().total().toNanos(), "took " + took);
    }

    @Test
    void shouldNotRepeatWhatIsRefused() {
        // given
        var faulty = script(Map.of(0L, new Refuse()));
        // then
        assertThrows(Refused.class, () -> over(faulty).put("a", OURS));
        assertEquals(1, faulty.calls());
    }

    @Test
    void shouldStopAtOnceWhenItsThreadIsInterrupted() {
        // given
        var faulty = script(Map.of(0L, new Outage(1000)));
        Thread.currentThread().interrupt();
        // then
        assertThrows(Unavailable.class, () -> over(faulty).get("a"));
        assertTrue(Thread.interrupted());
        assertEquals(1, faulty.calls());
    }

    @Test
    void shouldSurviveAnUnreliableStoreWithNothingLostOrInvented() {
        long seed = Long.getLong("store.seed", new Random().nextLong());
        var rates = new FaultRates(150, 200, 100, 0, 0, 0, 10, 4, 6, Duration.ZERO);
        var faulty = new FaultStore(memory, FaultPlan.seeded(seed, rates), env);
        var store = new RetryingStore(faulty, RetryPolicy.defaults(), env);
        for (int i = 0; i < 2000; i++) {
            // given: every third name is another's
            String name = "w/" + i;
            if (i % 3 == 0) memory.putIfAbsent(name, OURS, id());
            Ulid putId = id();
            // when
            PutResult result = store.putIfAbsent(name, OURS, putId);
            // then
            String told = "seed=" + seed + " i=" + i + " " + result;
            if (i % 3 == 0) assertInstanceOf(AlreadyExists.class, result, told);
            else assertInstanceOf(Stored.class, result, told);
        }
        assertTrue(faulty.struck() > 500, "faults did not fire: " + faulty.struck());
    }

    private FaultStore script(Map<Long, Fault> script) {
        return new FaultStore(memory, FaultPlan.script(script), env);
    }

    private RetryingStore over(ObjectStore inner) {
        return new RetryingStore(inner, RetryPolicy.defaults(), env);
    }
}
