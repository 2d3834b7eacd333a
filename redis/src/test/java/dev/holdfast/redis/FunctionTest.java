package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.fake.TestClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Libraries of functions are data, and functions that run for long can be ended.
@Timeout(120)
class FunctionTest {
    private static final String COUNTER =
            """
            #!lua name=counter
            local calls = 0
            redis.register_function('count', function(keys, args)
              calls = calls + 1
              return {calls, redis.call('incr', keys[1])}
            end)
            """;
    private static final String LOOPS =
            """
            #!lua name=loops
            redis.register_function('forever', function() while true do end end)
            redis.register_function('written', function(keys)
              redis.call('set', keys[1], '1')
              while true do end
            end)
            """;

    @Test
    void shouldFindLibrariesAgainWhenTheServerIsStartedAgain() throws Exception {
        var db = new FakeDb();
        try (var server = new TestServer(db);
                var client = new TestClient(server.port())) {
            assertEquals("counter", client.call("FUNCTION", "LOAD", COUNTER));
            assertEquals("loops", client.call("FUNCTION", "LOAD", LOOPS));
            assertEquals("OK", client.call("FUNCTION", "DELETE", "loops"));
            assertEquals("OK", client.call("FLUSHALL"));
        }
        try (var server = new TestServer(db);
                var client = new TestClient(server.port())) {
            assertEquals("[:1, :1]", client.call("FCALL", "count", "1", "n"));
            assertEquals(
                    "[[library_name, counter, engine, LUA, functions, [[name, count, description,"
                            + " nil, flags, []]], library_code, "
                            + COUNTER
                            + "]]",
                    client.call("FUNCTION", "LIST", "WITHCODE"));
            assertEquals("OK", client.call("FUNCTION", "FLUSH"));
        }
        try (var server = new TestServer(db);
                var client = new TestClient(server.port())) {
            assertEquals("-ERR Function not found", client.call("FCALL", "count", "1", "n"));
            assertEquals("[]", client.call("FUNCTION", "LIST"));
        }
    }

    @Test
    void shouldKeepNothingInTheVariablesOfALibrary() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            client.call("FUNCTION", "LOAD", COUNTER);

            assertEquals("[:1, :1]", client.call("FCALL", "count", "1", "n"));
            assertEquals("[:1, :2]", client.call("FCALL", "COUNT", "1", "n"));
        }
    }

    @Test
    void shouldChangeLibrariesWithTheTransactionThatChangesThem() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            // given
            client.call("MULTI");
            client.call("FUNCTION", "LOAD", COUNTER);
            client.call("FCALL", "count", "1", "n");
            client.call("FUNCTION", "LOAD", COUNTER);
            assertEquals("-ERR Function not found", other.call("FCALL", "count", "1", "n"));
            // when
            String replies = client.call("EXEC");
            // then
            assertEquals("[counter, [:1, :1], -ERR Library 'counter' already exists]", replies);
            assertEquals("[:1, :2]", other.call("FCALL", "count", "1", "n"));
            client.call("MULTI");
            client.call("FUNCTION", "FLUSH");
            client.call("DISCARD");
            assertEquals("[:1, :3]", other.call("FCALL", "count", "1", "n"));
        }
    }

    @Test
    void shouldSeeEachChangeOfALibraryAtOnceWhenManyCallIt() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            for (int i = 0; i < 200; i++) {
                String source =
                        "#!lua name=l\nredis.register_function('f', function() return %d end)";
                client.call("FUNCTION", "LOAD", "REPLACE", source.formatted(i));
                assertEquals(":" + i, other.call("FCALL", "f", "0"));
            }
        }
    }

    @Test
    void shouldTellOthersWhileAFunctionRunsForTooLongAndEndIt() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            // given
            other.call("CONFIG", "SET", "busy-reply-threshold", "20");
            other.call("FUNCTION", "LOAD", LOOPS);
            client.send("FCALL", "forever", "1", "k", "a");
            // when
            String answer = until(other, "-BUSY", "PING");
            // then
            assertEquals(
                    "-BUSY Redis is busy running a script. You can only call FUNCTION KILL or"
                            + " SHUTDOWN NOSAVE.",
                    answer);
            assertEquals(answer, other.call("SCRIPT", "KILL"));
            assertEquals("OK", other.call("MULTI"));
            assertEquals(answer, other.call("GET", "k"));
            assertEquals(
                    "-EXECABORT Transaction discarded because of: " + answer.substring(1),
                    other.call("EXEC"));
            String stats = other.call("FUNCTION", "STATS");
            assertTrue(
                    stats.startsWith(
                            "[running_script, [name, forever, command, [FCALL, forever, 1, k, a],"
                                    + " duration_ms, :"),
                    stats);
            assertEquals("OK", other.call("FUNCTION", "KILL"));
            assertEquals(
                    "-ERR Script killed by user with SCRIPT KILL... script: forever, on"
                            + " @user_function:2.",
                    client.read());
            assertEquals("PONG", until(other, "PONG", "PING"));
        }
    }

    @Test
    void shouldApplyNothingOfAFunctionThatAStopHasEnded() throws Exception {
        var db = new FakeDb();
        try (var server = new TestServer(db);
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            other.call("FUNCTION", "LOAD", LOOPS);
            other.call("CONFIG", "SET", "busy-reply-threshold", "20");
            client.send("FCALL", "written", "1", "k");
            String refused = other.call("FUNCTION", "KILL");
            while (!refused.startsWith("-UNKILLABLE")) {
                if (refused.equals("OK")) { // it had not come to write yet
                    client.read();
                    client.send("FCALL", "written", "1", "k");
                }
                refused = other.call("FUNCTION", "KILL");
            }
            assertTrue(refused.startsWith("-UNKILLABLE Sorry"), refused);
            // when
            server.stop(Duration.ofSeconds(4));
            // then
            assertTrue(client.read().contains("the server stops"));
        }
        try (var server = new TestServer(db);
                var client = new TestClient(server.port())) {
            assertEquals("nil", client.call("GET", "k"));
            assertEquals(
                    "[running_script, nil, engines, [LUA, [libraries_count, :1, functions_count,"
                            + " :2]]]",
                    client.call("FUNCTION", "STATS"));
        }
    }

    @Test
    void shouldHoldBackFunctionsAndScriptsWhileWritesArePaused() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            client.call("FUNCTION", "LOAD", COUNTER);
            other.call("CLIENT", "PAUSE", "100000", "WRITE");
            client.send("FCALL", "count", "1", "n");
            assertEquals("nil", other.call("GET", "n"));
            assertEquals(
                    "nil", other.call("EVAL_RO", "return redis.call('get', KEYS[1])", "1", "n"));

            other.call("CLIENT", "UNPAUSE");

            assertEquals("[:1, :1]", client.read());
        }
    }

    private static String until(TestClient client, String start, String... call)
            throws IOException {
        String answer = client.call(call);
        while (!answer.startsWith(start)) answer = client.call(call);
        return answer;
    }
}
