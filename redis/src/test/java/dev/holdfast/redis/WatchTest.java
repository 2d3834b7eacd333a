package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// SLOWLOG, LATENCY and MONITOR on a server.
@Timeout(60)
class WatchTest {
    private TestServer server;
    private TestClient client;
    private TestClient other;

    @BeforeEach
    void connect() throws Exception {
        server = new TestServer();
        client = new TestClient(server.port());
        other = new TestClient(server.port());
    }

    @AfterEach
    void leave() throws Exception {
        client.close();
        other.close();
        server.close();
    }

    @Test
    void shouldKeepTheNewestSlowCallsShortened() throws Exception {
        client.call("CLIENT", "SETNAME", "me");
        client.call("CONFIG", "SET", "slowlog-max-len", "3", "slowlog-log-slower-than", "0");
        client.call("SET", "a", "x".repeat(200));
        String[] many = new String[41];
        many[0] = "MGET";
        for (int i = 1; i < many.length; i++) many[i] = "k" + i;
        client.call(many);
        client.call("CONFIG", "SET", "slowlog-log-slower-than", "-1");

        assertEquals(":3", client.call("SLOWLOG", "LEN"));
        String page = client.call("SLOWLOG", "GET");
        assertTrue(page.contains("[SET, a, " + "x".repeat(128) + "... (72 more bytes)]"), page);
        assertTrue(page.contains("k30, ... (10 more arguments)]"), page);
        assertFalse(page.contains("k31"), page);
        assertTrue(page.contains(", me]"), page);
        assertTrue(client.call("SLOWLOG", "GET", "1").contains("[MGET, k1, "));
        assertEquals("OK", client.call("SLOWLOG", "RESET"));
        assertEquals("[]", client.call("SLOWLOG", "GET", "-1"));
    }

    @Test
    @Tag("SEC-17")
    void shouldShowNoSecrets() throws Exception {
        client.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
        assertEquals("OK", other.call("MONITOR"));
        client.call("AUTH", "canary1");
        client.call("AUTH", "me", "canary2");
        client.call("HELLO", "2", "AUTH", "default", "canary3", "SETNAME", "n");
        client.call("CONFIG", "SET", "requirepass", "canary4", "timeout", "0");
        client.call("ACL", "SETUSER", "canary5", ">canary6");
        client.call("CONFIG", "SET", "requirepass", "");
        client.call("ECHO", "end");

        String log = client.call("SLOWLOG", "GET", "-1");
        assertFalse(log.contains("canary"), log);
        assertTrue(log.contains("requirepass, (redacted), timeout, 0"), log);
        assertTrue(log.contains("HELLO, 2, AUTH, (redacted), (redacted), SETNAME, n"), log);
        String shown = "";
        for (String line = other.read(); !line.contains("ECHO"); line = other.read()) shown += line;
        assertFalse(shown.contains("canary"), shown);
        assertTrue(shown.contains("\"AUTH\" \"(redacted)\" \"(redacted)\""), shown);
        assertFalse(client.call("CLIENT", "LIST").contains("canary"));
        assertFalse(client.call("INFO", "everything").contains("canary"));
    }

    @Test
    void shouldShowEveryCallToThoseWhoLookOn() throws Exception {
        assertEquals("OK", other.call("MONITOR"));
        client.call("SELECT", "3");
        client.call("SET", "a b", "\"\\\n\u0001\u00ff");
        client.call("CONFIG", "GET", "timeout");
        client.call("NOSUCH");
        client.call("MULTI");
        client.call("GET", "q");
        client.call("EXEC");

        assertTrue(other.read().matches("\\d+\\.\\d{6} \\[3 127.*\\] \"SELECT\" \"3\""));
        assertTrue(other.read().endsWith("\"SET\" \"a b\" \"\\\"\\\\\\n\\x01\\xff\""));
        assertTrue(other.read().endsWith("\"MULTI\""));
        assertTrue(other.read().endsWith("\"GET\" \"q\""));
        assertTrue(other.read().endsWith("\"EXEC\""));
        assertTrue(client.call("CLIENT", "LIST").contains("flags=O "));
    }

    @Test
    void shouldKeepThoseWhoLookOnFromTheData() throws Exception {
        other.call("MONITOR");

        assertEquals("-ERR Replica can't interact with the keyspace", other.call("GET", "a"));
        assertEquals("RESET", other.call("RESET"));
        assertEquals("nil", other.call("GET", "a"));
    }

    @Test
    @Tag("SEC-06")
    void shouldDropSomebodyWhoLooksOnTooSlowly() throws Exception {
        client.call("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1048576 1048576 1");
        try (var slow = new TestClient(server.port(), 4096)) {
            slow.call("MONITOR");
            String value = "x".repeat(100_000);
            while (client.call("CLIENT", "LIST").contains("flags=O ")) client.call("ECHO", value);
            assertEquals("PONG", client.call("PING"));
        }
    }

    @Test
    void shouldKeepWhatTookLong() throws Exception {
        assertEquals("[]", client.call("LATENCY", "LATEST"));
        assertTrue(client.call("LATENCY", "DOCTOR").startsWith("Nothing is noted"));
        client.call("CONFIG", "SET", "latency-monitor-threshold", "1");
        for (int i = 0; !client.call("LATENCY", "LATEST").startsWith("[[command"); i++)
            client.call(slowCall(100_000 << Math.min(i, 3)));

        String history = client.call("LATENCY", "HISTORY", "command");
        assertTrue(history.matches("(?s)\\[\\[:\\d+, :\\d+\\].*"), history);
        String graph = client.call("LATENCY", "GRAPH", "command");
        assertTrue(graph.startsWith("command - high "), graph);
        assertTrue(client.call("LATENCY", "DOCTOR").contains("command: "));
        client.call("CONFIG", "SET", "latency-monitor-threshold", "0");
        assertEquals(":1", client.call("LATENCY", "RESET", "command", "nosuch"));
        assertEquals(
                "-ERR No samples available for event 'command'",
                client.call("LATENCY", "GRAPH", "command"));
    }

    private static String[] slowCall(int words) {
        String[] call = new String[words];
        call[0] = "MSET";
        for (int i = 1; i < words; i++) call[i] = "key" + i;
        return words % 2 == 1 ? call : java.util.Arrays.copyOf(call, words - 1);
    }

    @Test
    void shouldCountHowLongCallsTake() throws Exception {
        for (int i = 0; i < 10; i++) client.call("SET", "a", "1");
        client.call("CLIENT", "ID");

        String times = client.call("LATENCY", "HISTOGRAM", "SET", "client");
        assertTrue(times.contains("set, [calls, :10, histogram_usec, [:"), times);
        assertTrue(times.contains("client|id, [calls, :1,"), times);
        String page = client.call("INFO", "latencystats");
        assertTrue(
                page.matches("(?s).*latency_percentiles_usec_set:p50=[0-9.]+,p99=[0-9.]+,p99.9=.*"),
                page);
        client.call("CONFIG", "SET", "latency-tracking-info-percentiles", "90");
        assertTrue(client.call("INFO", "latencystats").contains("usec_set:p90="));
        client.call("CONFIG", "RESETSTAT");
        assertEquals("[]", client.call("LATENCY", "HISTOGRAM", "set"));
    }
}
