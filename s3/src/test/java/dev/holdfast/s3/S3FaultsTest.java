package dev.holdfast.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import dev.holdfast.objectstore.api.StoreTraffic;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.Habits;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of calls to a bucket when a server, or the way to it, goes wrong.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3FaultsTest {
    private static final List<Bytes> OURS = List.of(Bytes.utf8("ours"));
    private static final Bytes BODY = Bytes.utf8("0123456789".repeat(1000));

    private final S3Twin twin = S3Twin.start();
    private final ObjectStore store = open(twin, "");

    @BeforeEach
    void proveTheBucket() {
        store.put("big", List.of(BODY));
    }

    @AfterEach
    void stop() {
        store.close();
        twin.close();
    }

    @Test
    @Tag("OBJ-01")
    void shouldSayThatNothingHappenedWhenNobodyListens() throws IOException {
        // given: a port that is taken, so that nobody else comes to listen there
        try (var silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String url =
                    "s3://bucket/p?total-timeout=0.2s&endpoint=http://127.0.0.1:"
                            + silent.getLocalPort();
            try (ObjectStore fresh = Stores.open(url, Env.system())) {
                // then
                assertThrows(Unavailable.class, () -> fresh.putIfAbsent("a", OURS, id()));
                assertThrows(Unavailable.class, () -> fresh.get("a"));
            }
        }
    }

    @Test
    @Tag("OBJ-01")
    void shouldSayThatNothingHappenedWhenTheHostHasNoAddress() {
        try (var lost =
                Stores.open(
                        "s3://bucket/p?total-timeout=0.2s&endpoint=http://no-such-host.invalid:1",
                        Env.system())) {
            assertThrows(Unavailable.class, () -> lost.putIfAbsent("a", OURS, id()));
        }
    }

    @Test
    @Tag("OBJ-02")
    void shouldRepeatWhatWasRefusedForTheMoment() {
        for (int status : new int[] {500, 503, 429}) {
            for (Operation operation :
                    List.of(Operation.PUT, Operation.GET, Operation.HEAD, Operation.LIST)) {
                // given
                twin.next(operation, new Twist.Refuse(status, "SlowDown"));
                String name = "n/" + status + operation;
                // when
                PutResult result = store.putIfAbsent(name, OURS, id());
                // then
                assertInstanceOf(Stored.class, result, name);
                assertEquals(OURS.getFirst(), store.get(name), name);
                assertNotNull(store.head(name), name);
                assertEquals(1, store.list(name, null, 10).size(), name);
            }
        }
        assertEquals(12, store.traffic().failures());
    }

    @Test
    void shouldCountRequestsByKind() {
        store.put("counted", List.of(OURS.getFirst()));
        StoreTraffic before = store.traffic();
        // when
        store.put("counted", OURS);
        store.get("counted");
        store.get("counted", 0, 1);
        store.head("counted");
        store.list("counted", null, 10);
        store.delete("counted");
        // then
        StoreTraffic now = store.traffic();
        assertEquals(1, now.writes() - before.writes());
        assertEquals(2, now.reads() - before.reads());
        assertEquals(1, now.looks() - before.looks());
        assertEquals(1, now.listings() - before.listings());
        assertEquals(1, now.deletes() - before.deletes());
    }

    @Test
    @Tag("OBJ-02")
    void shouldEndUnavailableWhenTheStoreRefusesForLonger() {
        // given
        twin.follow(_ -> new Twist.Refuse(503, "SlowDown"));
        long start = System.nanoTime();
        // then
        assertThrows(Unavailable.class, () -> store.get("big"));
        assertInstanceOf(Unknown.class, store.putIfAbsent("a", OURS, id()));
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(20).toNanos());
        assertTrue(0 < store.traffic().slowDowns());
    }

    @Test
    @Tag("OBJ-03")
    @Tag("OBJ-04")
    void shouldKnowItsOwnPutWhenTheReplyWasLost() {
        List<Twist> lost =
                List.of(
                        new Twist.LoseReply(),
                        new Twist.DoAndSilence(),
                        new Twist.DoAndRefuse(500, "InternalError"),
                        new Twist.DoAndRefuse(503, "SlowDown"),
                        new Twist.DoAndRefuse(409, "ConditionalRequestConflict"));
        for (Twist twist : lost) {
            // given
            twin.next(Operation.PUT, twist);
            String name = "m/" + twist.getClass().getSimpleName() + twist.hashCode();
            Ulid putId = id();
            // when
            PutResult result = store.putIfAbsent(name, OURS, putId);
            // then: one object, and it is ours
            assertInstanceOf(Stored.class, result, twist.toString());
            assertEquals(putId, meta(name).putId(), twist.toString());
            assertEquals(1, store.list(name, null, 10).size());
        }
    }

    @Test
    @Tag("OBJ-04")
    void shouldLoseWhenTheReplyWasLostAndAnotherHadTheName() {
        // given
        store.putIfAbsent("m/1", OURS, id());
        twin.next(Operation.PUT, new Twist.LoseReply());
        // then: the bytes are equal, the id is not
        assertInstanceOf(AlreadyExists.class, store.putIfAbsent("m/1", OURS, id()));
    }

    @Test
    @Tag("OBJ-04")
    void shouldWinWhenItsOwnPutIsAnsweredAsTaken() {
        // given: a proxy repeats the request, and hands on the second answer
        twin.next(Operation.PUT, new Twist.DoAndRefuse(412, "PreconditionFailed"));
        Ulid putId = id();
        // when
        PutResult result = store.putIfAbsent("m/1", OURS, putId);
        // then: the one answer that looks like a lost race; the id tells the caller
        assertInstanceOf(AlreadyExists.class, result);
        assertEquals(putId, meta("m/1").putId());
    }

    @Test
    @Tag("OBJ-06")
    void shouldRepeatAConflict() {
        // given
        twin.next(Operation.PUT, new Twist.Refuse(409, "ConditionalRequestConflict"));
        // then
        assertInstanceOf(Stored.class, store.putIfAbsent("m/1", OURS, id()));
    }

    @Test
    @Tag("OBJ-08")
    void shouldStayUnknownWhenTheStoreKeepsNoAttributes() {
        try (S3Twin forgetful = S3Twin.start(Habits.good().droppingMetadata());
                ObjectStore over = open(forgetful, "")) {
            // given
            over.put("proof", OURS);
            forgetful.next(Operation.PUT, new Twist.LoseReply());
            // then: what is in the object must decide
            assertInstanceOf(Unknown.class, over.putIfAbsent("m/1", OURS, id()));
            assertEquals(OURS.getFirst(), over.get("m/1"));
        }
    }

    @Test
    @Tag("OBJ-10")
    void shouldRepeatTheWholeReadWhenABodyIsCutShort() {
        for (int kept : new int[] {0, 1, 4096, 9999}) {
            // given
            twin.next(Operation.GET, new Twist.CutBody(kept));
            // then
            assertEquals(BODY, store.get("big"));
            twin.next(Operation.GET, new Twist.CutBody(kept));
            assertEquals(BODY.slice(5, 9995), store.get("big", 5, 9990));
        }
    }

    @Test
    @Tag("OBJ-14")
    void shouldShowEveryObjectOnceWhenPagesComeShortDoubledOrNotAtAll() {
        try (S3Twin small = S3Twin.start(Habits.good().withPages(7));
                ObjectStore over = open(small, "")) {
            // given
            List<String> names = IntStream.range(100, 160).mapToObj(i -> "wal/" + i).toList();
            names.forEach(name -> over.put(name, OURS));
            for (Twist twist :
                    List.of(
                            new Twist.None(),
                            new Twist.DoubleListing(),
                            new Twist.Refuse(500, "InternalError"),
                            new Twist.CutBody(200))) {
                for (long nth = 0; nth < 4; nth++) {
                    // when: the nth page goes wrong, or all are doubled
                    long bad = small.calls() + nth;
                    small.follow(call ->
                            call.number() == bad || twist instanceof Twist.DoubleListing
                                    ? twist
                                    : new Twist.None());
                    var seen = new ArrayList<String>();
                    for (ObjectMeta object : over.list("wal/", null, 1000)) seen.add(object.name());
                    // then
                    assertEquals(names, seen, twist + " at " + nth);
                }
            }
        }
    }

    @Test
    @Tag("OBJ-17")
    void shouldTakeAnErrorWithin200ForNoAnswer() {
        // given
        for (Operation operation :
                List.of(Operation.PUT, Operation.GET, Operation.HEAD, Operation.LIST)) {
            twin.next(operation, new Twist.ErrorWithin200());
            String name = "e/" + operation;
            // then
            assertInstanceOf(Stored.class, store.putIfAbsent(name, OURS, id()), name);
            assertEquals(OURS.getFirst(), store.get(name), name);
            assertEquals(4, meta(name).size(), name);
            assertEquals(1, store.list(name, null, 10).size(), name);
        }
    }

    @Test
    @Tag("OBJ-18")
    void shouldGiveUpOnABodyThatDripsAndStillServeOthers() {
        // given
        twin.follow(call ->
                call.operation() == Operation.GET && call.key().endsWith("big")
                        ? new Twist.Drip(Duration.ofMillis(100))
                        : new Twist.None());
        long start = System.nanoTime();
        // then
        assertThrows(Unavailable.class, () -> store.get("big", 0, 1000));
        assertThrows(Unavailable.class, () -> store.get("big"));
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(30).toNanos());
        assertInstanceOf(Stored.class, store.put("other", OURS));
    }

    @Test
    @Tag("OBJ-18")
    void shouldGiveUpOnAConnectionThatIsNeverTaken() throws IOException {
        // given: a full backlog, so that the next connection hangs
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var first = new Socket();
                var second = new Socket()) {
            var address = new InetSocketAddress("127.0.0.1", deaf.getLocalPort());
            first.connect(address, 1000);
            second.connect(address, 1000);
            String url =
                    "s3://bucket/p?attempt-timeout=0.3s&total-timeout=0.5s"
                            + "&endpoint=http://127.0.0.1:"
                            + deaf.getLocalPort();
            try (ObjectStore hung = Stores.open(url, Env.system())) {
                long start = System.nanoTime();
                // then
                assertThrows(Unavailable.class, () -> hung.get("a"));
                assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos());
            }
        }
    }

    @Test
    @Tag("OBJ-19")
    void shouldSayWhatToDoWhenCredentialsHaveExpired() {
        // given
        twin.follow(_ -> new Twist.Refuse(400, "ExpiredToken"));
        // then
        var refused = assertThrows(Refused.class, () -> store.get("big"));
        assertTrue(refused.getMessage().contains("expired: renew"), refused.getMessage());
        assertThrows(Refused.class, () -> store.putIfAbsent("a", OURS, id()));
    }

    @Test
    @Tag("OBJ-19")
    void shouldSetItsClockByTheStoresWhenTheyDiffer() {
        // given
        twin.next(Operation.PUT, new Twist.Refuse(403, "RequestTimeTooSkewed"));
        // then
        assertInstanceOf(Stored.class, store.putIfAbsent("a", OURS, id()));
    }

    @Test
    @Tag("OBJ-20")
    void shouldGoOnAfterAnOutage() {
        // given
        twin.follow(_ -> new Twist.Silence());
        assertThrows(Unavailable.class, () -> store.get("big", 0, 1));
        assertInstanceOf(Unknown.class, store.put("a", OURS));
        // when
        twin.behave();
        // then
        assertInstanceOf(Stored.class, store.put("b", OURS));
        assertEquals(BODY, store.get("big"));
    }

    @Test
    void shouldNameTheBucketWhenItIsMissing() {
        // given
        twin.follow(_ -> new Twist.Refuse(404, "NoSuchBucket"));
        // then: a missing bucket is no missing object
        assertThrows(Refused.class, () -> store.get("a"));
        assertThrows(Refused.class, () -> store.put("a", OURS));
        assertThrows(Refused.class, () -> store.list("", null, 1));
    }

    @Test
    void shouldDeleteOnceHoweverOftenItIsAsked() {
        // given
        twin.next(Operation.DELETE, new Twist.LoseReply());
        // when
        store.delete("big");
        store.delete("big");
        // then
        assertNull(store.get("big"));
    }

    private ObjectMeta meta(String name) {
        ObjectMeta meta = store.head(name);
        assertNotNull(meta, name);
        return meta;
    }

    private static ObjectStore open(S3Twin twin, String more) {
        String url = twin.url("bucket/db") + "&attempt-timeout=1.5s&total-timeout=4s" + more;
        return Stores.open(url, Env.system());
    }

    private static Ulid id() {
        return Ulid.next(Env.system());
    }
}
