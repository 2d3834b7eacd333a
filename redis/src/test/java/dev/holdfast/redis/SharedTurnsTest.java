package dev.holdfast.redis;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import dev.holdfast.redis.resp.RespError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls of several clients that come together are run together, and nobody can tell but by the
/// time that it takes.
@Timeout(60)
class SharedTurnsTest {
    private static final int CLIENTS = 12;
    private static final int ROUNDS = 60;
    private static final int LOOKS = 2_000;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.db.releaseDurability();
        server.close();
    }

    @Test
    void shouldLoseNoUpdateWhenManyClientsWriteTheSameKey() throws Exception {
        // when
        var sums = new TreeSet<Integer>();
        for (List<String> replies : all(own -> increments()))
            for (String reply : replies) sums.add(Integer.parseInt(reply.substring(1)));
        // then: each sum was told once
        assertEquals(CLIENTS * ROUNDS, sums.size());
        assertEquals(CLIENTS * ROUNDS, sums.last());
    }

    @Test
    void shouldLoseNoUpdateWhenSomeRunsCannotCommitAtOnce() throws Exception {
        server.db.refuseAtOnce(3);
        shouldLoseNoUpdateWhenManyClientsWriteTheSameKey();
    }

    @Test
    void shouldHaveWhoBringsAFewWritesCommitThemUnlessThatHasToWait() throws Exception {
        try (var client = new TestClient(server.port())) {
            awaitCommitter("net-", client, "SET", "a", "1");
            server.db.refuseAtOnce(1);
            awaitCommitter("turns of several clients", client, "SET", "a", "2");
            assertEquals("2", client.call("GET", "a"));
        }
    }

    @Test
    void shouldHaveAnotherThreadCommitWhatWalks() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.call("ZADD", "set", "1", "a", "2", "b");
            awaitCommitter("net-", client, "INCR", "count");
            assertEquals("[a, 1]", client.call("ZPOPMIN", "set"));
            assertFalse(server.db.committer().startsWith("net-"), server.db.committer());
        }
    }

    // A client's own thread takes what comes before it has lent the connection.
    private void awaitCommitter(String name, TestClient client, String... call) throws IOException {
        for (int i = 0; i < LOOKS && !server.db.committer().startsWith(name); i++)
            client.call(call);
        assertTrue(server.db.committer().startsWith(name), server.db.committer());
    }

    private List<String> increments() throws IOException {
        List<String> sums = new ArrayList<>();
        try (var client = new TestClient(server.port())) {
            for (int i = 0; i < ROUNDS; i++) sums.add(client.call("INCR", "sum"));
        }
        return sums;
    }

    @Test
    void shouldAnswerEachClientInItsOrderWhenOnlySomeCallsCanBeRunWithOthers() throws Exception {
        // given: what some clients ask for is far away
        server.db.keepAway("far");
        // when
        List<List<String>> found = all(this::mixture);
        // then
        for (int own = 0; own < CLIENTS; own++) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                String value = own + "-" + i;
                String length = ":" + value.length();
                expected.addAll(List.of("OK", value, "OK", value, "PONG", "[" + value + "]"));
                expected.addAll(List.of(length, ":" + (i + 1), "OK", value, ":1", "nil"));
            }
            assertEquals(expected, found.get(own));
        }
    }

    @Test
    void shouldAnswerInOrderWhenSomeRunsCannotCommitAtOnce() throws Exception {
        server.db.refuseAtOnce(2);
        shouldAnswerEachClientInItsOrderWhenOnlySomeCallsCanBeRunWithOthers();
    }

    // The far keys, PING, KEYS and SELECT are for a client's own thread; another database is not.
    private List<String> mixture(int own) throws IOException {
        List<String> replies = new ArrayList<>();
        try (var client = new TestClient(server.port())) {
            client.call("SELECT", Integer.toString(own % 3));
            for (int i = 0; i < ROUNDS; i++) {
                String value = own + "-" + i;
                client.send("SET", "near" + own, value);
                client.send("GET", "near" + own);
                client.send("SET", "far" + own, value);
                client.send("GET", "far" + own);
                client.send("PING");
                client.send("MGET", "far" + own);
                client.send("STRLEN", "near" + own);
                client.send("RPUSH", "list" + own, value);
                client.send("SELECT", Integer.toString(own % 3));
                client.send("GET", "near" + own);
                client.send("DEL", "near" + own);
                client.send("GET", "near" + own);
                for (int reply = 0; reply < 12; reply++) replies.add(client.read());
            }
        }
        return replies;
    }

    @Test
    void shouldAnswerWhoFailsAloneWithAnError() throws Exception {
        try (var setting = new TestClient(server.port())) {
            setting.call("SET", "text", "x");
            // when
            List<List<String>> found = all(own -> failures(own % 2 == 0 ? "text" : "n" + own));
            // then
            for (int own = 0; own < CLIENTS; own++) {
                String last = found.get(own).getLast();
                String error = "-ERR value is not an integer or out of range";
                assertEquals(own % 2 == 0 ? error : ":" + ROUNDS, last);
            }
            assertEquals("x", setting.call("GET", "text"));
        }
    }

    private List<String> failures(String key) throws IOException {
        List<String> replies = new ArrayList<>();
        try (var client = new TestClient(server.port())) {
            for (int i = 0; i < ROUNDS; i++) replies.add(client.call("INCR", key));
        }
        return replies;
    }

    @Test
    void shouldNotHoldUpWhoReadsWhatIsDurable() throws Exception {
        try (var reader = new TestClient(server.port())) {
            // given
            assertEquals("OK", reader.call("SET", "old", "1"));
            server.db.holdDurability();
            List<TestClient> writers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                var writer = new TestClient(server.port());
                writers.add(writer);
                writer.send("SET", "new" + i, "1");
            }
            // then: whatever stands in line
            for (int i = 0; i < ROUNDS; i++) assertEquals("1", reader.call("GET", "old"));
            server.db.releaseDurability();
            for (TestClient writer : writers) assertEquals("OK", writer.read());
            for (TestClient writer : writers) writer.close();
        }
    }

    @Test
    void shouldAnswerWhoOnlyLooksWhileACommitHangs() throws Exception {
        // given
        var mayCommit = new Semaphore(0);
        var isCommitting = new Semaphore(0);
        try (var looking = new TestClient(server.port());
                var writing = new TestClient(server.port())) {
            looking.call("SET", "old", "1");
            looking.call("HSET", "hash", "field", "2");
            server.db.beforeCommit(() -> {
                isCommitting.release();
                mayCommit.acquireUninterruptibly();
            });
            writing.send("SET", "new", "1");
            isCommitting.acquire();
            // then
            for (int i = 0; i < ROUNDS; i++) {
                assertEquals("1", looking.call("GET", "old"));
                assertEquals("nil", looking.call("GET", "new"));
                assertEquals("2", looking.call("HGET", "hash", "field"));
                assertEquals("-" + RespError.WRONG_TYPE, looking.call("LLEN", "old"));
            }
            server.db.beforeCommit(() -> {});
            mayCommit.release(ROUNDS);
            assertEquals("OK", writing.read());
            assertEquals("1", looking.call("GET", "new"));
        }
    }

    @Test
    void shouldKeepWhoWritesForTheNextRunAndNobodyElseWhileOneIsLate() throws Exception {
        // given
        var mayCommit = new Semaphore(0);
        var isCommitting = new Semaphore(0);
        List<String> threads = new CopyOnWriteArrayList<>();
        try (var first = new TestClient(server.port());
                var writing = new TestClient(server.port());
                var reading = new TestClient(server.port())) {
            reading.call("RPUSH", "list", "1", "2");
            server.db.beforeCommit(() -> {
                threads.add(Thread.currentThread().getName());
                isCommitting.release();
                mayCommit.acquireUninterruptibly();
            });
            first.send("SET", "new", "1");
            isCommitting.acquire();
            assertFalse(mayCommit.tryAcquire(50, MILLISECONDS)); // it is late by then
            // when
            writing.send("SET", "newer", "1");
            // Few: before the run is so late that nobody is kept.
            for (int i = 0; i < 3; i++)
                assertEquals("[1, 2]", reading.call("LRANGE", "list", "0", "-1"));
            // then
            mayCommit.release(ROUNDS);
            assertEquals("OK", first.read());
            assertEquals("OK", writing.read());
            assertEquals(Set.of("turns of several clients"), Set.copyOf(threads));
        }
    }

    @Test
    void shouldAnswerMoreLooksThanAreDoneAtOnce() throws Exception {
        // when each client asks for more than a turn takes, all at the same time
        List<List<String>> found = all(this::looks);
        // then
        for (int own = 0; own < CLIENTS; own++) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < LOOKS; i++) expected.add(i % 3 == 0 ? "nil" : own + "-" + i % 3);
            assertEquals(expected, found.get(own));
        }
    }

    private List<String> looks(int own) throws IOException {
        List<String> replies = new ArrayList<>();
        try (var client = new TestClient(server.port())) {
            for (int i = 1; i < 3; i++) client.call("SET", "at" + own + "-" + i, own + "-" + i);
            for (int i = 0; i < LOOKS; i++) client.send("GET", "at" + own + "-" + i % 3);
            for (int i = 0; i < LOOKS; i++) replies.add(client.read());
        }
        return replies;
    }

    @Test
    void shouldRunTogetherWhatComesInPieces() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.call("SET", "key", "1");
            List<String> threads = new CopyOnWriteArrayList<>();
            server.db.beforeCommit(() -> threads.add(Thread.currentThread().getName()));
            // when a request comes behind another, piece by piece
            String whole = "*2\r\n$4\r\nINCR\r\n$3\r\nkey\r\n";
            client.write(whole + whole.substring(0, 9));
            assertEquals(":2", client.read());
            for (int i = 9; i < whole.length(); i++) client.write(whole.substring(i, i + 1));
            // then
            assertEquals(":3", client.read());
            assertEquals(Set.of("turns of several clients"), Set.copyOf(threads));
        }
    }

    @Test
    void shouldServeWhoWaitsWhatOthersPush() throws Exception {
        try (var waiting = new TestClient(server.port())) {
            // given
            waiting.send("BLPOP", "queue", "0");
            try (var looking = new TestClient(server.port())) {
                while (!looking.call("CLIENT", "LIST").contains("flags=b ")) Thread.onSpinWait();
            }
            // when
            all(own -> {
                try (var client = new TestClient(server.port())) {
                    return List.of(client.call("RPUSH", "queue", "x"));
                }
            });
            // then
            assertEquals("[queue, x]", waiting.read());
            try (var client = new TestClient(server.port())) {
                assertEquals(":" + (CLIENTS - 1), client.call("LLEN", "queue"));
            }
        }
    }

    @Test
    void shouldCountAndNameWhatEachClientCalls() throws Exception {
        // when
        all(own -> increments());
        // then
        try (var client = new TestClient(server.port())) {
            String calls = client.call("INFO", "commandstats");
            assertTrue(calls.contains("cmdstat_incr:calls=" + CLIENTS * ROUNDS + ","), calls);
        }
    }

    /// What one client does.
    private interface Story {
        List<String> told(int own) throws IOException;
    }

    private static List<List<String>> all(Story story) throws Exception {
        List<Callable<List<String>>> stories = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int own = i;
            stories.add(() -> story.told(own));
        }
        List<List<String>> told = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (Future<List<String>> each : threads.invokeAll(stories)) told.add(each.get());
        }
        return told;
    }
}
