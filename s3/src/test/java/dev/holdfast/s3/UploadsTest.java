package dev.holdfast.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.s3.twin.Call;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Objects that go up in parts.
@Tag("OBJ-16")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UploadsTest {
    private static final int PART = 10_000;

    private final S3Twin twin = S3Twin.start();
    private final S3Location near =
            S3Location.of(twin.url("bucket/db") + "&attempt-timeout=1.5s&total-timeout=4s");
    private final ObjectStore store = open();
    private final List<Bytes> body = runs(83_123);

    @BeforeEach
    void proveTheBucket() {
        store.put("proof", List.of());
    }

    @AfterEach
    void stop() {
        store.close();
        twin.close();
    }

    @Test
    void shouldKeepEveryByteAndLeaveNothingBehind() {
        // given
        long before = store.traffic().bytesWritten();
        // when
        PutResult result = store.put("compacted/1.sst", body);
        // then
        assertInstanceOf(Stored.class, result);
        assertEquals(joined(body), store.get("compacted/1.sst"));
        assertEquals(0, twin.uploadCount());
        assertEquals(83_123, store.traffic().bytesWritten() - before);
    }

    @Test
    void shouldRepeatOnlyTheRequestThatWentWrong() {
        List<Twist> passing =
                List.of(
                        new Twist.Refuse(500, "InternalError"),
                        new Twist.Refuse(503, "SlowDown"),
                        new Twist.LoseRequest(),
                        new Twist.LoseReply(),
                        new Twist.DoAndRefuse(500, "InternalError"),
                        new Twist.ErrorWithin200(),
                        new Twist.DoAndSilence());
        for (Operation operation :
                List.of(Operation.BEGIN_UPLOAD, Operation.PUT_PART, Operation.COMPLETE_UPLOAD))
            for (Twist twist : passing) {
                // given
                twin.next(operation, twist);
                String name = "c/" + operation + twist.getClass().getSimpleName();
                long before = twin.calls();
                // when
                PutResult result = store.put(name, body);
                // then
                assertInstanceOf(Stored.class, result, name);
                assertEquals(joined(body), store.get(name), name);
                assertTrue(twin.calls() - before <= 9 + 2 + 1 + 3, name);
            }
    }

    @Test
    void shouldBeAbsentWhenAPartNeverArrives() {
        // given
        twin.follow(on(Operation.PUT_PART, new Twist.Refuse(500, "InternalError")));
        // then: nothing was stored, and what was begun was ended
        assertThrows(ObjectStoreException.class, () -> store.put("compacted/1", body));
        assertNull(store.get("compacted/1"));
        assertEquals(0, twin.uploadCount());
    }

    @Test
    void shouldBeWholeOrAbsentWhenTheCompletionIsNeverAnswered() {
        for (Twist twist : List.of(new Twist.Silence(), new Twist.LoseRequest())) {
            // given
            twin.follow(on(Operation.COMPLETE_UPLOAD, twist));
            // when
            PutResult result = store.put("compacted/1", body);
            // then: unknown, not failed; and absent
            assertInstanceOf(PutResult.Unknown.class, result, twist.toString());
            assertNull(store.get("compacted/1"));
        }
    }

    @Test
    void shouldEndWhatAnotherLeftOnceItIsOldEnough() {
        // given: neither a completion nor an end gets through
        twin.follow(call ->
                call.operation() == Operation.PUT_PART || call.operation() == Operation.ABORT_UPLOAD
                        ? new Twist.Refuse(500, "InternalError")
                        : new Twist.None());
        assertThrows(ObjectStoreException.class, () -> store.put("compacted/1", body));
        int left = twin.uploadCount();
        assertTrue(0 < left);
        twin.behave();
        // then
        long now = System.currentTimeMillis();
        assertEquals(0, store.removeUnfinished("", now - Duration.ofHours(1).toMillis()));
        assertEquals(0, store.removeUnfinished("other/", now + 1000));
        assertEquals(left, twin.uploadCount());
        assertEquals(left, store.removeUnfinished("", now + 1000));
        assertEquals(0, twin.uploadCount());
    }

    @Test
    void shouldHaveAFewPartsUnderWayAtATime() {
        // given
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        twin.follow(call -> {
            if (call.operation() != Operation.PUT_PART) return new Twist.None();
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            return new Twist.None();
        });
        // when
        store.put("compacted/1", runs(60 * PART));
        // then
        assertTrue(most.get() <= 4, "at a time: " + most);
    }

    private ObjectStore open() {
        var limits = near.limits().withPartBytes(PART);
        return Stores.open(
                new S3Location(
                        near.bucket(),
                        near.prefix(),
                        near.endpoint(),
                        near.region(),
                        near.addressing(),
                        limits),
                Env.system());
    }

    private static Function<Call, Twist> on(Operation operation, Twist twist) {
        return call -> call.operation() == operation ? twist : new Twist.None();
    }

    // Runs of odd sizes, so that parts begin and end within them.
    private static List<Bytes> runs(int length) {
        var random = new Random(7);
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
