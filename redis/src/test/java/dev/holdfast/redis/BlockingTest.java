package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls that wait, against a whole server.
@Timeout(60)
class BlockingTest {
    private TestServer server;
    private TestClient pusher;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        pusher = new TestClient(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        pusher.close();
        server.close();
    }

    @Test
    void shouldServeWhoeverCameFirstWhenSeveralWait() throws Exception {
        List<TestClient> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) waiting.add(waiting(i + 1, "BLPOP", "k", "0"));
        // when
        assertEquals(":5", pusher.call("RPUSH", "k", "0", "1", "2", "3", "4"));
        // then
        for (int i = 0; i < 5; i++) assertEquals("[k, " + i + "]", waiting.get(i).read());
        assertEquals(":0", pusher.call("EXISTS", "k"));
        for (TestClient client : waiting) client.close();
    }

    @Test
    void shouldServeAfterTheWholeTransactionAndNotWithinIt() throws Exception {
        try (TestClient one = waiting(1, "BLPOP", "k", "0")) {
            pusher.call("MULTI");
            pusher.call("RPUSH", "k", "gone");
            pusher.call("LPOP", "k");
            pusher.call("RPUSH", "k", "first", "second");
            assertEquals("[:1, gone, :2]", pusher.call("EXEC"));
            assertEquals("[k, first]", one.read());
            assertEquals("[second]", pusher.call("LRANGE", "k", "0", "-1"));
        }
    }

    @Test
    void shouldHandAnElementOnThroughAChainOfWaiters() throws Exception {
        try (TestClient mover = waiting(1, "BLMOVE", "a", "b", "LEFT", "RIGHT", "0");
                TestClient popper = waiting(2, "BLPOP", "b", "0")) {
            pusher.call("RPUSH", "a", "x");
            assertEquals("x", mover.read());
            assertEquals("[b, x]", popper.read());
            assertEquals(":0", pusher.call("EXISTS", "a", "b"));
        }
    }

    @Test
    void shouldHandOnToAKeyThatWasChangedBeforeInTheSameRun() throws Exception {
        try (TestClient mover = waiting(1, "BLMOVE", "a", "b", "LEFT", "RIGHT", "0");
                TestClient popper = waiting(2, "BLPOP", "b", "0")) {
            pusher.call("MULTI");
            pusher.call("RPUSH", "b", "gone");
            pusher.call("LPOP", "b");
            pusher.call("RPUSH", "a", "x");
            assertEquals("[:1, gone, :1]", pusher.call("EXEC"));
            assertEquals("x", mover.read());
            assertEquals("[b, x]", popper.read());
        }
    }

    @Test
    void shouldEndTheWaitWhenItsTimeIsUpOrAnotherClientSaysSo() throws Exception {
        try (var client = new TestClient(server.port())) {
            String id = client.call("CLIENT", "ID").substring(1);
            assertEquals("nil", client.call("BLPOP", "k", "0.05"));
            client.send("BLPOP", "k", "0");
            awaitBlocked(1);
            assertEquals(":1", pusher.call("CLIENT", "UNBLOCK", id, "ERROR"));
            assertEquals("-UNBLOCKED client unblocked via CLIENT UNBLOCK", client.read());
            assertEquals(":0", pusher.call("CLIENT", "UNBLOCK", id));
            assertEquals("PONG", client.call("PING"));
        }
    }

    @Test
    void shouldServeSortedSetsFromTheEndThatWasAskedFor() throws Exception {
        try (TestClient least = waiting(1, "BZPOPMIN", "z", "0");
                TestClient most = waiting(2, "BZMPOP", "0", "1", "z", "MAX", "COUNT", "2")) {
            assertEquals(":4", pusher.call("ZADD", "z", "1", "a", "2", "b", "3", "c", "4", "d"));
            assertEquals("[z, a, 1]", least.read());
            assertEquals("[z, [[d, 4], [c, 3]]]", most.read());
            assertEquals("[b]", pusher.call("ZRANGE", "z", "0", "-1"));
        }
    }

    @Test
    void shouldForgetWhoeverWentAway() throws Exception {
        TestClient gone = waiting(1, "BLPOP", "k", "0");
        gone.close();
        awaitBlocked(0);
        assertEquals(":1", pusher.call("RPUSH", "k", "kept"));
        assertEquals("[kept]", pusher.call("LRANGE", "k", "0", "-1"));
    }

    @Test
    void shouldForgetWhoeverWasKilledWithMuchBehindTheCallThatWaits() throws Exception {
        try (TestClient killed = waiting(1, "BLPOP", "k", "0")) {
            killed.write(TestClient.request("PING").repeat(100_000)); // more than is read ahead
            while (!pusher.call("CLIENT", "LIST").matches("(?s).* qbuf=[1-9]\\d{3}.*"))
                Thread.onSpinWait();
            // when
            assertEquals(":1", pusher.call("CLIENT", "KILL", "SKIPME", "yes"));
            // then
            awaitBlocked(0);
            assertEquals(":1", pusher.call("RPUSH", "k", "kept"));
            assertEquals("[kept]", pusher.call("LRANGE", "k", "0", "-1"));
        }
    }

    @Test
    void shouldAnswerWhoeverWaitsWhenTheServerStops() throws Exception {
        TestClient waiting = waiting(1, "BLPOP", "k", "0");
        TestClient gathering = new TestClient(server.port());
        gathering.call("MULTI");
        gathering.call("SET", "never", "1");
        // when
        server.stop(Duration.ofSeconds(10));
        // then
        assertTrue(waiting.read().startsWith("-LOADING UNBLOCKED "));
        assertEquals(TestClient.END, waiting.read());
        assertTrue(gathering.read().startsWith("-EXECABORT "));
        assertEquals(TestClient.END, gathering.read());
    }

    @Test
    void shouldLoseAndDoubleNothingWhenManyPushAndManyWait() throws Exception {
        int clients = 8;
        int each = 40;
        List<CompletableFuture<List<String>>> popping = new ArrayList<>();
        for (int i = 0; i < clients; i++) popping.add(async(() -> pop(each)));
        List<CompletableFuture<List<String>>> pushing = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int mine = i;
            pushing.add(async(() -> push(mine, each)));
        }
        // when
        List<String> popped = new ArrayList<>();
        List<String> pushed = new ArrayList<>();
        for (var part : pushing) pushed.addAll(part.get());
        for (var part : popping) popped.addAll(part.get());
        // then
        popped.sort(null);
        pushed.sort(null);
        assertEquals(pushed, popped);
        assertEquals(":0", pusher.call("EXISTS", "q"));
    }

    private List<String> pop(int count) throws Exception {
        List<String> popped = new ArrayList<>();
        try (var client = new TestClient(server.port())) {
            for (int i = 0; i < count; i++)
                popped.add(client.call("BLPOP", "other", "q", "0").replaceAll("\\[q, |]", ""));
        }
        return popped;
    }

    private List<String> push(int who, int count) throws Exception {
        List<String> pushed = new ArrayList<>();
        try (var client = new TestClient(server.port())) {
            for (int i = 0; i < count; i++) {
                String element = who + "-" + i;
                client.call("RPUSH", "q", element);
                pushed.add(element);
            }
        }
        return pushed;
    }

    private interface Part {
        List<String> run() throws Exception;
    }

    private static CompletableFuture<List<String>> async(Part part) {
        var future = new CompletableFuture<List<String>>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        future.complete(part.run());
                    } catch (Exception failure) {
                        future.completeExceptionally(failure);
                    }
                });
        return future;
    }

    private TestClient waiting(int count, String... call) throws Exception {
        var client = new TestClient(server.port());
        client.send(call);
        awaitBlocked(count);
        return client;
    }

    private void awaitBlocked(int count) throws Exception {
        while (!pusher.call("INFO", "clients").contains("blocked_clients:" + count + "\r"))
            Thread.onSpinWait();
    }
}
