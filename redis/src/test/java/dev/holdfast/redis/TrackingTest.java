package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that keep copies of keys, and are told when those change.
@Timeout(60)
class TrackingTest {
    private TestServer server;
    private TestClient client;
    private TestClient other;

    @BeforeEach
    void connect() throws Exception {
        server = new TestServer();
        client = new TestClient(server.port());
        other = new TestClient(server.port());
        client.call("HELLO", "3");
    }

    @AfterEach
    void leave() throws Exception {
        client.close();
        other.close();
        server.close();
    }

    @Test
    void shouldTellOnceThatAKeyChangedThatWasRead() throws Exception {
        assertEquals("OK", client.call("CLIENT", "TRACKING", "ON"));
        assertEquals("nil", client.call("GET", "a"));

        other.call("SET", "a", "1");
        assertEquals("[invalidate, [a]]", client.read());

        other.call("SET", "a", "2");
        assertEquals("2", client.call("GET", "a"));
        other.call("DEL", "a");
        assertEquals("[invalidate, [a]]", client.read());
    }

    @Test
    void shouldTellOfWhatTheClientItselfChangesAfterTheReply() throws Exception {
        client.call("CLIENT", "TRACKING", "ON");
        client.call("GET", "a");

        assertEquals("OK", client.call("SET", "a", "1"));
        assertEquals("[invalidate, [a]]", client.read());

        client.call("CLIENT", "TRACKING", "OFF");
        client.call("CLIENT", "TRACKING", "ON", "NOLOOP");
        client.call("GET", "a");
        assertEquals("OK", client.call("SET", "a", "2"));
        assertEquals("PONG", client.call("PING"));
    }

    @Test
    void shouldTellWhenAKeyComesToItsEnd() throws Exception {
        var options = RedisOptions.defaults().with("enable-debug-command", "local");
        try (var debugged = new TestServer(options);
                var reader = new TestClient(debugged.port());
                var writer = new TestClient(debugged.port())) {
            reader.call("HELLO", "3");
            reader.call("CLIENT", "TRACKING", "ON");
            assertEquals("OK", writer.call("DEBUG", "SET-ACTIVE-EXPIRE", "0"));
            writer.call("SET", "a", "1", "PX", "1");
            reader.call("GET", "a");

            writer.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");

            assertEquals("[invalidate, [a]]", reader.read());
        }
    }

    @Test
    void shouldTellOfEveryKeyOfATransaction() throws Exception {
        client.call("CLIENT", "TRACKING", "ON");
        client.call("MULTI");
        client.call("GET", "a");
        client.call("GET", "b");
        assertEquals("[nil, nil]", client.call("EXEC"));

        other.call("MULTI");
        other.call("SET", "a", "1");
        other.call("SET", "b", "1");
        other.call("EXEC");

        assertEquals("[invalidate, [a]]", client.read());
        assertEquals("[invalidate, [b]]", client.read());
    }

    @Test
    void shouldTellThatEverythingIsOldWhenADatabaseIsEmptied() throws Exception {
        client.call("CLIENT", "TRACKING", "ON");

        other.call("FLUSHDB");
        assertEquals("[invalidate, nil]", client.read());
    }

    @Test
    void shouldTellOfKeysWithAPrefixWhetherTheyWereReadOrNot() throws Exception {
        client.call("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "user:", "PREFIX", "item:");

        other.call("MSET", "user:1", "a", "shop:1", "b", "user:2", "c");
        assertEquals("[invalidate, [user:1, user:2]]", client.read());

        other.call("SET", "shop:1", "d");
        assertEquals("PONG", client.call("PING"));
        assertEquals(
                "%[flags, [on, bcast], redirect, :0, prefixes, [user:, item:]]",
                client.call("CLIENT", "TRACKINGINFO"));
    }

    @Test
    void shouldRememberOnlyWhatTheClientChose() throws Exception {
        client.call("CLIENT", "TRACKING", "ON", "OPTIN");
        client.call("GET", "a");
        assertEquals("OK", client.call("CLIENT", "CACHING", "YES"));
        client.call("GET", "b");
        client.call("GET", "c");
        other.call("MSET", "a", "1", "c", "1", "b", "1");
        assertEquals("[invalidate, [b]]", client.read());

        client.call("CLIENT", "TRACKING", "OFF");
        client.call("CLIENT", "TRACKING", "ON", "OPTOUT");
        client.call("CLIENT", "CACHING", "NO");
        client.call("GET", "a");
        client.call("GET", "b");
        other.call("MSET", "a", "2", "b", "2");
        assertEquals("[invalidate, [b]]", client.read());
    }

    @Test
    void shouldTellAnotherClientInItsPlace() throws Exception {
        try (var listener = new TestClient(server.port())) {
            String id = listener.call("CLIENT", "ID").substring(1);
            listener.call("SUBSCRIBE", "__redis__:invalidate");
            try (var old = new TestClient(server.port())) {
                assertEquals("OK", old.call("CLIENT", "TRACKING", "ON", "REDIRECT", id));
                assertEquals(":" + id, old.call("CLIENT", "GETREDIR"));
                old.call("GET", "a");
                other.call("SET", "a", "1");
                assertEquals("[message, __redis__:invalidate, [a]]", listener.read());
                old.call("GET", "a");
                other.call("FLUSHALL");
                assertEquals("[message, __redis__:invalidate, nil]", listener.read());
            }
        }
    }

    @Test
    void shouldSayThatTheOtherClientIsGone() throws Exception {
        try (var listener = new TestClient(server.port())) {
            listener.call("HELLO", "3");
            String id = listener.call("CLIENT", "ID").substring(1);
            client.call("CLIENT", "TRACKING", "ON", "REDIRECT", id);
            client.call("GET", "a");
            assertEquals(":1", other.call("CLIENT", "KILL", "ID", id));
            assertEquals(TestClient.END, listener.read());
            while (other.call("CLIENT", "LIST", "ID", id).contains("id=")) Thread.onSpinWait();

            other.call("SET", "a", "1");

            assertEquals("[tracking-redir-broken, :" + id + "]", client.read());
            assertTrue(client.call("CLIENT", "TRACKINGINFO").contains("broken_redirect"));
            assertTrue(client.call("CLIENT", "LIST").contains("flags=tR "));
        }
    }

    @Test
    void shouldGiveUpTheOldestKeyForANewOneWhereThereAreTooMany() throws Exception {
        other.call("CONFIG", "SET", "tracking-table-max-keys", "2");
        client.call("CLIENT", "TRACKING", "ON");
        client.call("GET", "a");
        client.call("GET", "b");
        assertEquals("nil", client.call("GET", "c"));

        assertEquals("[invalidate, [a]]", client.read());
        String stats = other.call("INFO", "stats");
        assertTrue(stats.contains("tracking_total_keys:2"), stats);
        assertTrue(other.call("INFO", "clients").contains("tracking_clients:1"));
    }

    @Test
    void shouldForgetAClientThatStartsOver() throws Exception {
        client.call("CLIENT", "TRACKING", "ON", "BCAST");
        assertEquals("RESET", client.call("RESET"));
        other.call("SET", "a", "1");

        assertEquals("PONG", client.call("PING"));
        assertEquals(":-1", client.call("CLIENT", "GETREDIR"));
        assertTrue(other.call("INFO", "clients").contains("tracking_clients:0"));
    }
}
