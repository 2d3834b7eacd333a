package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls that come together are run together, and nobody can tell but by the time that it takes.
@Timeout(60)
class PipelineTest {
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
    void shouldAnswerEachCallInItsOrder() throws Exception {
        try (var client = new TestClient(server.port())) {
            List<String> replies =
                    pipeline(
                            client,
                            "SET a 1",
                            "INCR a",
                            "PING",
                            "LPUSH a x",
                            "GET a",
                            "GET",
                            "ZADD z 1 one 2 two",
                            "NOSUCH",
                            "ZSCORE z two",
                            "SELECT 1",
                            "GET a",
                            "SELECT 0",
                            "DEL a z");

            assertEquals(
                    List.of(
                            "OK",
                            ":2",
                            "PONG",
                            "-WRONGTYPE Operation against a key holding the wrong kind of value",
                            "2",
                            "-ERR wrong number of arguments for 'get' command",
                            ":2",
                            "-ERR unknown command 'NOSUCH', with args beginning with: ",
                            "2",
                            "OK",
                            "nil",
                            "OK",
                            ":2"),
                    replies);
        }
    }

    @Test
    void shouldCommitWhatCameTogetherAsOne() throws Exception {
        try (var client = new TestClient(server.port())) {
            // given
            List<String> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) calls.add("SET k" + i + " v");
            // when: more than once, as what takes long is cut in two
            long least = Long.MAX_VALUE;
            for (int tries = 0; tries < 50 && 1 < least; tries++) {
                long before = server.db.watermarks().applied();
                List<String> replies = pipeline(client, calls.toArray(String[]::new));
                assertEquals(16, replies.stream().filter("OK"::equals).count());
                least = Math.min(least, server.db.watermarks().applied() - before);
            }
            // then
            assertEquals(1, least);
        }
    }

    @Test
    void shouldTakeBackWhatFailedAndNothingElse() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.call("SET", "text", "x");

            List<String> replies =
                    pipeline(
                            client,
                            "SET a 1",
                            "MSET b 1 c 2",
                            "ZADD z 1 a nan b",
                            "INCR text",
                            "MGET a b c text",
                            "EXISTS z");

            assertEquals("-ERR value is not an integer or out of range", replies.get(3));
            assertEquals(List.of("[1, 1, 2, x]", ":0"), replies.subList(4, 6));
        }
    }

    @Test
    void shouldServeWhoWaitsBeforeTheNextCallOfThePipeline() throws Exception {
        try (var waiting = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            // given
            waiting.send("BLPOP", "queue", "0");
            while (!client.call("CLIENT", "LIST").contains("flags=b ")) Thread.onSpinWait();
            // when
            List<String> replies = pipeline(client, "RPUSH queue one", "LPOP queue", "PING");
            // then
            assertEquals(List.of(":1", "nil", "PONG"), replies);
            assertEquals("[queue, one]", waiting.read());
        }
    }

    @Test
    void shouldRunACallOnceMoreAloneWhenTheRacesAreLost() throws Exception {
        try (var client = new TestClient(server.port())) {
            server.db.loseRaces(5);

            assertEquals(List.of(":1", ":2", ":3"), pipeline(client, "INCR n", "INCR n", "INCR n"));
            assertEquals("3", client.call("GET", "n"));
        }
    }

    @Test
    void shouldLoseNoUpdateWhenManyPipelinesWriteTheSameKeys() throws Exception {
        // given
        int clients = 8;
        int rounds = 40;
        int depth = 16;
        // when
        List<Callable<List<String>>> writers = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int own = i;
            writers.add(() -> increments(own, rounds, depth));
        }
        var sums = new TreeSet<Integer>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (Future<List<String>> replies : threads.invokeAll(writers))
                for (String reply : replies.get()) sums.add(Integer.parseInt(reply.substring(1)));
        }
        // then: each sum was told once
        int all = clients * rounds * depth;
        assertEquals(all, sums.size());
        assertEquals(all, sums.last());
        try (var client = new TestClient(server.port())) {
            assertEquals(":" + all, client.call("ZCARD", "all"));
        }
    }

    private List<String> increments(int own, int rounds, int depth) throws IOException {
        List<String> sums = new ArrayList<>();
        try (var client = new TestClient(server.port())) {
            for (int round = 0; round < rounds; round++) {
                List<String> calls = new ArrayList<>();
                for (int i = 0; i < depth; i++) {
                    calls.add("INCR sum");
                    calls.add("ZADD all " + round + " " + own + "-" + round + "-" + i);
                }
                List<String> replies = pipeline(client, calls.toArray(String[]::new));
                for (int i = 0; i < replies.size(); i += 2) sums.add(replies.get(i));
            }
        }
        return sums;
    }

    @Test
    void shouldCountWhatEachCallFinds() throws Exception {
        try (var client = new TestClient(server.port())) {
            pipeline(client, "SET a 1", "GET a", "GET a", "GET b", "MGET a b c", "SET a 2");

            String stats = client.call("INFO", "stats");
            assertTrue(stats.contains("keyspace_hits:3"), stats);
            assertTrue(stats.contains("keyspace_misses:3"), stats);
            String calls = client.call("INFO", "commandstats");
            assertTrue(calls.contains("cmdstat_get:calls=3,"), calls);
        }
    }

    @Test
    void shouldNoteOnceWhatTheUserMayNotCall() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.call("ACL", "SETUSER", "default", "-set");

            List<String> replies = pipeline(client, "GET a", "SET a 1", "GET a");

            assertTrue(replies.get(1).startsWith("-NOPERM"), replies.get(1));
            assertTrue(client.call("ACL", "LOG").contains("[count, :1"), "noted more than once");
        }
    }

    @Test
    void shouldAnswerWhatCameBeforeAViolation() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.write(
                    TestClient.request("SET", "a", "1")
                            + TestClient.request("GET", "a")
                            + "*x\r\n");

            assertEquals("OK", client.read());
            assertEquals("1", client.read());
            assertTrue(client.read().startsWith("-ERR Protocol error"));
        }
    }

    private static List<String> pipeline(TestClient client, String... calls) throws IOException {
        var text = new StringBuilder();
        for (String call : calls) text.append(TestClient.request(call.split(" ")));
        client.write(text.toString());
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < calls.length; i++) replies.add(client.read());
        return replies;
    }
}
