package dev.holdfast.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.azure.emulator.Azurite;
import dev.holdfast.azure.emulator.Bend;
import dev.holdfast.azure.emulator.Call.Operation;
import dev.holdfast.azure.emulator.FaultyProxy;
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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of calls to a container when a server, or the way to it, goes wrong.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzureFaultsTest {
    private static final List<Bytes> OURS = List.of(Bytes.utf8("ours"));
    private static final Bytes BODY = Bytes.utf8("0123456789".repeat(1000));

    private static final String HASTY = "&attempt-timeout=0.4s&total-timeout=0.5s";

    private Azurite azurite;
    private FaultyProxy proxy;
    private String container;
    private ObjectStore store;

    @BeforeEach
    void start() throws Exception {
        azurite = Azurite.shared();
        container = azurite.freshContainer();
        proxy = FaultyProxy.before(azurite);
        store = open("&attempt-timeout=1.5s&total-timeout=30s");
        store.put("big", List.of(BODY));
    }

    @AfterEach
    void stop() {
        if (store == null) return;
        store.close();
        proxy.close();
    }

    @Test
    @Tag("OBJ-01")
    void shouldSayThatNothingHappenedWhenNobodyListens() {
        // given
        proxy.close();
        try (ObjectStore fresh = open(HASTY)) {
            // then
            assertThrows(Unavailable.class, () -> fresh.putIfAbsent("a", OURS, id()));
            assertThrows(Unavailable.class, () -> fresh.get("a"));
        }
    }

    @Test
    @Tag("OBJ-02")
    void shouldRepeatWhatWasRefusedForTheMoment() {
        for (int status : new int[] {500, 503, 429})
            for (Operation operation :
                    List.of(Operation.PUT, Operation.GET, Operation.HEAD, Operation.LIST)) {
                // given
                proxy.next(operation, new Bend.Refuse(status, "ServerBusy"));
                String name = "n/" + status + operation;
                // when
                PutResult result = store.putIfAbsent(name, OURS, id());
                // then
                assertInstanceOf(Stored.class, result, name);
                assertEquals(OURS.getFirst(), store.get(name), name);
                assertNotNull(store.head(name), name);
                assertEquals(1, store.list(name, null, 10).size(), name);
            }
        assertEquals(12, store.traffic().failures());
        assertEquals(12, store.traffic().slowDowns());
    }

    @Test
    @Tag("OBJ-02")
    void shouldEndUnavailableWhenTheStoreRefusesForLonger() {
        try (ObjectStore over = open(HASTY)) {
            // given
            proxy.follow(_ -> new Bend.Refuse(503, "ServerBusy"));
            long start = System.nanoTime();
            // then
            assertThrows(Unavailable.class, () -> over.get("big"));
            assertInstanceOf(Unknown.class, over.putIfAbsent("a", OURS, id()));
            assertTrue(System.nanoTime() - start < Duration.ofSeconds(15).toNanos());
            assertTrue(0 < over.traffic().slowDowns());
        }
    }

    @Test
    @Tag("OBJ-03")
    @Tag("OBJ-04")
    void shouldKnowItsOwnPutWhenTheReplyWasLost() {
        List<Bend> lost =
                List.of(
                        new Bend.LoseReply(),
                        new Bend.DoAndSilence(),
                        new Bend.DoAndRefuse(500, "InternalError"),
                        new Bend.DoAndRefuse(503, "ServerBusy"),
                        new Bend.DoAndRefuse(409, "SystemInUse"));
        for (int i = 0; i < lost.size(); i++) {
            // given
            proxy.next(Operation.PUT, lost.get(i));
            String name = "m/" + i;
            Ulid putId = id();
            // when
            PutResult result = store.putIfAbsent(name, OURS, putId);
            // then: one object, and it is ours
            assertInstanceOf(Stored.class, result, lost.get(i).toString());
            assertEquals(putId, meta(name).putId(), lost.get(i).toString());
        }
        assertEquals(lost.size(), store.list("m/", null, 100).size());
    }

    @Test
    @Tag("OBJ-04")
    void shouldLoseWhenTheReplyWasLostAndAnotherHadTheName() {
        // given
        store.putIfAbsent("m/1", OURS, id());
        proxy.next(Operation.PUT, new Bend.LoseReply());
        // then: the bytes are equal, the id is not
        assertInstanceOf(AlreadyExists.class, store.putIfAbsent("m/1", OURS, id()));
    }

    @Test
    @Tag("OBJ-04")
    void shouldTellTheCallerWhenItsOwnPutIsAnsweredAsTaken() {
        int i = 0;
        for (Bend twice :
                List.of(
                        new Bend.DoAndRefuse(409, "BlobAlreadyExists"),
                        new Bend.DoAndRefuse(412, "ConditionNotMet"))) {
            // given: something on the way repeats the request, and hands on the second answer
            proxy.next(Operation.PUT, twice);
            String name = "m/" + i++;
            Ulid putId = id();
            // when
            PutResult result = store.putIfAbsent(name, OURS, putId);
            // then: the one answer that looks like a lost race; the id tells the caller
            assertInstanceOf(AlreadyExists.class, result);
            assertEquals(putId, meta(name).putId());
        }
    }

    @Test
    @Tag("OBJ-06")
    void shouldRepeatAConflictThatIsNotAboutTheName() {
        for (String code : List.of("ContainerBeingDeleted", "SystemInUse")) {
            // given
            proxy.next(Operation.PUT, new Bend.Refuse(409, code));
            // then
            assertInstanceOf(Stored.class, store.putIfAbsent("m/" + code, OURS, id()));
        }
    }

    @Test
    @Tag("OBJ-09")
    void shouldWriteNothingToAStoreThatTakesASecondCreate() {
        AzureLocation location = AzureLocation.of(proxy.url(container, "db") + "&total-timeout=5s");
        try (ObjectStore careless =
                new AzureStoreProvider().open(location, Stores.CREDENTIALS, Env.system())) {
            // given: every put is said to be done
            proxy.follow(call ->
                    call.operation() == Operation.PUT ? new Bend.Pretend(201) : new Bend.None());
            // then
            var refused =
                    assertThrows(
                            Refused.class, () -> careless.putIfAbsent("manifest/1", OURS, id()));
            assertTrue(refused.getMessage().contains("If-None-Match"), refused.getMessage());
            assertThrows(Refused.class, () -> careless.put("compacted/1", OURS));
        }
        assertNull(store.head("manifest/1"));
    }

    @Test
    @Tag("OBJ-10")
    void shouldRepeatTheWholeReadWhenABodyIsCutShort() {
        for (int kept : new int[] {0, 1, 4096, 9999}) {
            // given
            proxy.next(Operation.GET, new Bend.CutBody(kept));
            // then
            assertEquals(BODY, store.get("big"));
            proxy.next(Operation.GET, new Bend.CutBody(Math.min(kept, 9989)));
            assertEquals(BODY.slice(5, 9995), store.get("big", 5, 9990));
        }
    }

    @Test
    @Tag("OBJ-14")
    void shouldListAgainWhenAPageGoesWrong() {
        // given
        List<String> names = List.of("wal/1", "wal/2", "wal/3");
        names.forEach(name -> store.put(name, OURS));
        for (Bend bend :
                List.of(
                        new Bend.Refuse(500, "InternalError"),
                        new Bend.LoseReply(),
                        new Bend.CutBody(200),
                        new Bend.Pretend(200))) {
            // when
            proxy.next(Operation.LIST, bend);
            List<ObjectMeta> page = store.list("wal/", "wal/1", 1000);
            // then
            assertEquals(
                    names.subList(1, 3),
                    page.stream().map(ObjectMeta::name).toList(),
                    bend.toString());
        }
    }

    @Test
    @Tag("OBJ-17")
    void shouldTakeASuccessThatMakesNoSenseForNoAnswer() {
        for (Operation operation : List.of(Operation.PUT, Operation.GET, Operation.HEAD)) {
            int usual = operation == Operation.PUT ? 201 : 200;
            for (Bend bend : List.of(new Bend.Pretend(204), new Bend.Mumble(usual))) {
                // given
                proxy.next(operation, bend);
                String name = "e/" + operation + bend.getClass().getSimpleName();
                // then
                assertInstanceOf(Stored.class, store.putIfAbsent(name, OURS, id()), name);
                assertEquals(OURS.getFirst(), store.get(name), name);
                assertEquals(4, meta(name).size(), name);
            }
        }
    }

    @Test
    @Tag("OBJ-18")
    void shouldGiveUpOnABodyThatDripsAndStillServeOthers() {
        try (ObjectStore over = impatient()) {
            // given
            over.put("proof", OURS);
            proxy.follow(call ->
                    call.operation() == Operation.GET && call.key().endsWith("big")
                            ? new Bend.Drip(Duration.ofMillis(50))
                            : new Bend.None());
            long start = System.nanoTime();
            // then
            assertThrows(Unavailable.class, () -> over.get("big", 0, 1000));
            assertThrows(Unavailable.class, () -> over.get("big"));
            assertTrue(System.nanoTime() - start < Duration.ofSeconds(15).toNanos());
            assertEquals(OURS.getFirst(), over.get("proof"));
        }
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
                    "az://holdfast/box/p?attempt-timeout=0.3s&total-timeout=0.5s"
                            + "&endpoint=http://127.0.0.1:"
                            + deaf.getLocalPort();
            try (ObjectStore hung = Stores.open(url)) {
                long start = System.nanoTime();
                // then
                assertThrows(Unavailable.class, () -> hung.get("a"));
                assertTrue(System.nanoTime() - start < Duration.ofSeconds(10).toNanos());
            }
        }
    }

    @Test
    @Tag("OBJ-19")
    void shouldSayWhatToDoWhenCredentialsAreNotAccepted() {
        // given
        proxy.follow(_ -> new Bend.Refuse(403, "AuthenticationFailed"));
        // then
        var refused = assertThrows(Refused.class, () -> store.get("big"));
        assertTrue(refused.getMessage().contains("have expired"), refused.getMessage());
        assertThrows(Refused.class, () -> store.putIfAbsent("a", OURS, id()));
        // given: it repeats what it could not verify
        proxy.follow(_ -> new Bend.Refuse(403, "signed '" + "hush".repeat(11) + "=' ?sig=hush"));
        // then
        refused = assertThrows(Refused.class, () -> store.get("big"));
        assertFalse(refused.getMessage().contains("hush"), refused.getMessage());
    }

    @Test
    @Tag("OBJ-20")
    void shouldGoOnAfterAnOutage() {
        try (ObjectStore over = impatient()) {
            // given
            over.put("proof", OURS);
            proxy.follow(_ -> new Bend.Silence());
            assertThrows(Unavailable.class, () -> over.get("big", 0, 1));
            assertInstanceOf(Unknown.class, over.put("a", OURS));
            // when
            proxy.behave();
            // then
            assertInstanceOf(Stored.class, over.put("b", OURS));
            assertEquals(BODY, over.get("big"));
        }
    }

    @Test
    void shouldNameTheContainerWhenItIsMissing() {
        String url = "az://holdfast/not-there/p?endpoint=" + azurite.endpoint();
        try (ObjectStore lost = Stores.open(url)) {
            // then: a missing container is no missing object
            for (var refused :
                    List.of(
                            assertThrows(Refused.class, () -> lost.get("a")),
                            assertThrows(Refused.class, () -> lost.head("a")),
                            assertThrows(Refused.class, () -> lost.put("a", OURS)),
                            assertThrows(Refused.class, () -> lost.list("", null, 1))))
                assertTrue(refused.getMessage().contains("container"), refused.getMessage());
        }
    }

    @Test
    void shouldTakeAnAnswerThatIsNotTheStoresForNoAnswer() {
        // given: a page of something on the way
        proxy.follow(_ -> new Bend.Refuse(404, "NotOfTheStore"));
        // then: no object is called missing by it
        assertThrows(Refused.class, () -> store.get("big"));
        assertThrows(Refused.class, () -> store.head("big"));
    }

    @Test
    void shouldDeleteOnceHoweverOftenItIsAsked() {
        // given
        proxy.next(Operation.DELETE, new Bend.LoseReply());
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

    private ObjectStore impatient() {
        return open("&attempt-timeout=0.8s&total-timeout=1.5s");
    }

    private ObjectStore open(String more) {
        return Stores.open(proxy.url(container, "db") + more);
    }

    private static Ulid id() {
        return Ulid.next(Env.system());
    }
}
