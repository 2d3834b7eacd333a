package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccessTest {
    private static final String NOAUTH = "-NOAUTH Authentication required.";

    @Test
    void shouldLetNobodyInWithoutThePassword() throws Exception {
        var options = RedisOptions.defaults().with("requirepass", "secret");
        try (var server = new TestServer(options);
                var client = new TestClient(server.port())) {
            assertEquals(NOAUTH, client.call("PING"));
            assertEquals(NOAUTH, client.call("GET", "a"));
            assertTrue(client.call("HELLO", "3").startsWith("-NOAUTH HELLO must be called"));
            assertEquals(
                    "-WRONGPASS invalid username-password pair or user is disabled.",
                    client.call("AUTH", "wrong"));
            assertEquals(
                    "-WRONGPASS invalid username-password pair or user is disabled.",
                    client.call("AUTH", "nobody", "secret"));
            assertEquals("OK", client.call("AUTH", "secret"));
            assertEquals("PONG", client.call("PING"));
            assertEquals("RESET", client.call("RESET"));
            assertEquals(NOAUTH, client.call("PING"));
            assertTrue(
                    client.call("HELLO", "3", "AUTH", "default", "secret").startsWith("%[server"));
            assertEquals("PONG", client.call("PING"));
        }
    }

    @Test
    @Tag("SEC-02")
    void shouldKeepStrangersShort() throws Exception {
        var options = RedisOptions.defaults().with("requirepass", "secret");
        try (var server = new TestServer(options)) {
            try (var client = new TestClient(server.port())) {
                client.write("*11\r\n");
                assertEquals(
                        "-ERR Protocol error: unauthenticated multibulk length", client.read());
                assertEquals(TestClient.END, client.read());
            }
            try (var client = new TestClient(server.port())) {
                client.write("*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n*1\r\n$16385\r\n");
                assertEquals("OK", client.read());
                client.write("x".repeat(16385) + "\r\nPING\r\n");
                assertTrue(client.read().startsWith("-ERR unknown command"));
                assertEquals("PONG", client.read());
            }
        }
    }

    @Test
    void shouldRefuseOneConnectionTooMany() throws Exception {
        var options = RedisOptions.defaults().withClientsMax(3);
        try (var server = new TestServer(options)) {
            // given
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(new TestClient(server.port()));
                assertEquals("PONG", clients.get(i).call("PING"));
            }
            // when
            try (var refused = new TestClient(server.port())) {
                // then
                assertEquals("-ERR max number of clients reached", refused.read());
                assertEquals(TestClient.END, refused.read());
            }
            assertTrue(clients.getFirst().call("INFO", "stats").contains("rejected_connections:1"));
            for (TestClient client : clients) client.close();
        }
    }

    @Test
    @Tag("SEC-07")
    void shouldEndAnIdleConnectionWhenThereIsATimeout() throws Exception {
        var options = RedisOptions.defaults().with("timeout", "1");
        try (var server = new TestServer(options);
                var client = new TestClient(server.port())) {
            assertEquals("PONG", client.call("PING"));
            assertEquals(TestClient.END, client.read());
        }
    }

    @Test
    @Tag("SEC-06")
    void shouldEndAConnectionWhoseReplyIsTooLarge() throws Exception {
        var options = RedisOptions.defaults().with("reply-bytes-max", "1048576");
        try (var server = new TestServer(options);
                var client = new TestClient(server.port())) {
            String value = "x".repeat(300_000);
            assertEquals("OK", client.call("SET", "large", value));
            assertEquals(value, client.call("GET", "large"));
            assertEquals(TestClient.END, client.call("MGET", "large", "large", "large", "large"));
        }
    }
}
