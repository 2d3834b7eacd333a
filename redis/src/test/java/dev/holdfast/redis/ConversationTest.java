package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ConversationTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    // Every text is Redis 7.0.15's own.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "FOO a b ; -ERR unknown command 'FOO', with args beginning with: 'a' 'b' ",
                "FOO ; -ERR unknown command 'FOO', with args beginning with: ",
                "GET ; -ERR wrong number of arguments for 'get' command",
                "CLIENT ; -ERR wrong number of arguments for 'client' command",
                "CLIENT FOO ; -ERR unknown subcommand 'FOO'. Try CLIENT HELP.",
                "CLIENT KILL ; -ERR wrong number of arguments for 'client|kill' command",
                "CLIENT KILL 1 ; -ERR No such client",
                "CLIENT KILL ID x ; -ERR client-id should be greater than 0",
                "CLIENT KILL FOO bar ; -ERR syntax error",
                "CLIENT KILL TYPE foo ; -ERR Unknown client type 'foo'",
                "CLIENT KILL USER nobody ; -ERR No such user 'nobody'",
                "CLIENT LIST ID 1 x ; -ERR Invalid client ID",
                "CLIENT REPLY foo ; -ERR syntax error",
                "CLIENT NO-EVICT x ; -ERR syntax error",
                "HELLO x ; -ERR Protocol version is not an integer or out of range",
                "HELLO 4 ; -NOPROTO unsupported protocol version",
                "HELLO 3 FOO ; -ERR Syntax error in HELLO option 'FOO'",
                "HELLO 2 AUTH a b ; -WRONGPASS invalid username-password pair or user is disabled.",
                "AUTH a b ; -WRONGPASS invalid username-password pair or user is disabled.",
                "AUTH a b c ; -ERR syntax error",
                "SELECT 16 ; -ERR DB index is out of range",
                "SELECT x ; -ERR value is not an integer or out of range",
                "CONFIG SET foo bar ; -ERR Unknown option or number of arguments for CONFIG SET -"
                        + " 'foo'",
                "CONFIG SET timeout 1 timeout 2 ; -ERR CONFIG SET failed (possibly related to"
                        + " argument 'timeout') - duplicate parameter",
                "CONFIG SET timeout -1 ; -ERR CONFIG SET failed (possibly related to argument"
                        + " 'timeout') - argument must be between 0 and 2147483647 inclusive",
                "CONFIG SET databases 3 ; -ERR CONFIG SET failed (possibly related to argument"
                        + " 'databases') - can't set immutable config",
                "CONFIG REWRITE ; -ERR The server is running without a config file",
                "SHUTDOWN FOO ; -ERR syntax error",
                "SHUTDOWN ABORT NOW ; -ERR syntax error",
                "SHUTDOWN SAVE NOSAVE ; -ERR syntax error",
                "SHUTDOWN ABORT ; -ERR No shutdown in progress.",
                "PING a b ; -ERR wrong number of arguments for 'ping' command",
                "COMMAND LIST FILTERBY x y ; -ERR syntax error",
                "COMMAND GETKEYS FOO a b ; -ERR Invalid command specified",
                "INFO foo ; ~~",
                "COMMAND DOCS foo ; []",
                "COMMAND INFO foo ; [nil]",
                "COMMAND GETKEYS MSET a b c d ; [a, c]",
                "ECHO hi ; hi",
                "PING ; PONG",
                "ping hi ; hi",
                "RESET ; RESET",
            })
    void shouldAnswerAsRedisDoes(String request, String reply) throws Exception {
        try (var client = new TestClient(server.port())) {
            // The first column was stripped; a blank at the end of a reply is part of it.
            String expected = reply == null ? "" : reply;
            String found = client.call(request.strip().split(" "));
            assertEquals(expected.strip(), found.strip());
        }
    }

    @Test
    void shouldAnswerAPipelineInOrderHoweverItIsCut() throws Exception {
        try (var client = new TestClient(server.port())) {
            // given
            var pipeline = new StringBuilder();
            for (int i = 0; i < 5_000; i++)
                pipeline.append(TestClient.request("ECHO", "value " + i));
            // when
            for (int from = 0; from < pipeline.length(); from += 997)
                client.write(pipeline.substring(from, Math.min(pipeline.length(), from + 997)));
            // then
            for (int i = 0; i < 5_000; i++) assertEquals("value " + i, client.read());
        }
    }

    @Test
    void shouldUnderstandLinesThatAPersonTypes() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.write("\r\nset typed \"a b\"\r\nget typed\nPING\r\n");
            assertEquals("OK", client.read());
            assertEquals("a b", client.read());
            assertEquals("PONG", client.read());
        }
    }

    @Test
    void shouldSpeakTheVersionThatHelloChose() throws Exception {
        try (var client = new TestClient(server.port())) {
            assertTrue(client.call("HELLO", "3").startsWith("%[server, redis, version, 7.0.15"));
            assertEquals("%[timeout, 0]", client.call("CONFIG", "GET", "timeout"));
            assertTrue(client.call("HELLO", "2").startsWith("[server, redis"));
            assertEquals("[timeout, 0]", client.call("CONFIG", "GET", "timeout"));
        }
    }

    @Test
    void shouldKeepNamesDatabasesAndProtocolUntilReset() throws Exception {
        try (var client = new TestClient(server.port())) {
            // given
            client.call("HELLO", "3", "SETNAME", "me");
            client.call("SELECT", "5");
            client.call("SET", "only-in-5", "x");
            // when
            String name = client.call("CLIENT", "GETNAME");
            String info = client.call("CLIENT", "INFO");
            assertEquals("RESET", client.call("RESET"));
            // then
            assertEquals("me", name);
            assertTrue(info.contains(" name=me ") && info.contains(" db=5 "), info);
            assertTrue(info.contains(" cmd=client|info ") && info.contains(" resp=3"), info);
            assertEquals("nil", client.call("CLIENT", "GETNAME"));
            assertEquals("nil", client.call("GET", "only-in-5"));
            assertTrue(client.call("CLIENT", "INFO").contains(" resp=2"));
        }
    }

    @Test
    void shouldKeepSilentWhenTheClientWantsNoReplies() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.write("CLIENT REPLY SKIP\r\nPING one\r\nPING two\r\nCLIENT REPLY OFF\r\n");
            client.write("PING three\r\nFOO\r\nCLIENT REPLY ON\r\nPING four\r\n");
            assertEquals("two", client.read());
            assertEquals("OK", client.read());
            assertEquals("four", client.read());
        }
    }

    @Test
    void shouldListAndKillOtherClients() throws Exception {
        try (var client = new TestClient(server.port());
                var victim = new TestClient(server.port())) {
            // given
            String id = victim.call("CLIENT", "ID").substring(1);
            assertTrue(client.call("CLIENT", "LIST").contains("id=" + id + " "));
            // when
            String killed = client.call("CLIENT", "KILL", "ID", id);
            // then
            assertEquals(":1", killed);
            assertEquals(TestClient.END, victim.read());
        }
    }

    @Test
    void shouldAnswerQuitAndEndTheStream() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.write("PING\r\nQUIT\r\nPING\r\n");
            assertEquals("PONG", client.read());
            assertEquals("OK", client.read());
            assertEquals(TestClient.END, client.read());
        }
    }

    @Test
    void shouldAnswerAllThatCameWhenTheClientEndsItsStream() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.write("PING a\r\nPING b\r\n");
            client.finish();
            assertEquals("a", client.read());
            assertEquals("b", client.read());
            assertEquals(TestClient.END, client.read());
        }
    }

    @Test
    void shouldSayWhatIsWrongAndEndWhenTheProtocolIsBroken() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.write("PING\r\n*1\r\nfoo\r\n");
            assertEquals("PONG", client.read());
            assertEquals("-ERR Protocol error: expected '$', got 'f'", client.read());
            assertEquals(TestClient.END, client.read());
        }
    }

    @Test
    @Tag("SEC-18")
    void shouldEndWithoutAWordWhenABrowserCalls() throws Exception {
        for (String line : List.of("POST / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n")) {
            try (var client = new TestClient(server.port())) {
                client.write(line);
                String first = client.read();
                if (first.startsWith("-ERR")) first = client.read();
                assertEquals(TestClient.END, first);
            }
        }
    }

    @Test
    void shouldTellOfItselfInEverySection() throws Exception {
        try (var client = new TestClient(server.port())) {
            client.call("SET", "counted", "x");
            String page = client.call("INFO", "everything");
            for (String line :
                    List.of(
                            "redis_version:7.0.15",
                            "loading:0",
                            "role:master",
                            "cluster_enabled:0",
                            "db0:keys=",
                            "holdfast_remote_durable_seq:",
                            "shutdown_in_progress:0",
                            "shutdown_state:RUNNING",
                            "shutdown_tasks:1",
                            "shutdown_last_exit_code:20",
                            "shutdown_last_was_clean:0",
                            "cmdstat_set:calls=",
                            "errorstat_ERR:count=")) assertTrue(page.contains(line), line);
        }
    }

    @Test
    void shouldAskForAStopWithSaveAndForHasteWithout() throws Exception {
        try (var stopping = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            stopping.send("SHUTDOWN", "NOSAVE");
            while (server.stopAsked.get().isEmpty()) Thread.onSpinWait();
            assertEquals("FAST SHUTDOWN [NOSAVE]", server.stopAsked.get());
            assertEquals("OK", client.call("SHUTDOWN", "ABORT"));
        }
    }
}
