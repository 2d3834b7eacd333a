package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.redis.fake.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Messages and events, against a whole server.
@Timeout(60)
class PubSubTest {
    private TestServer server;
    private TestClient listener;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        listener = new TestClient(server.port());
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        listener.close();
        client.close();
        server.close();
    }

    @Test
    void shouldTellMessagesBetweenTheConfirmationsOfASubscription() throws Exception {
        assertEquals("[subscribe, c, :1]", listener.call("SUBSCRIBE", "c"));
        assertEquals("[psubscribe, [ab]*, :2]", listener.call("PSUBSCRIBE", "[ab]*"));
        assertEquals(":1", client.call("PUBLISH", "c", "one"));
        assertEquals(":1", client.call("PUBLISH", "axe", "two"));
        assertEquals(":0", client.call("PUBLISH", "other", "three"));
        listener.send("UNSUBSCRIBE");
        assertEquals("[message, c, one]", listener.read());
        assertEquals("[pmessage, [ab]*, axe, two]", listener.read());
        assertEquals("[unsubscribe, c, :1]", listener.read());
        assertEquals(":0", client.call("PUBLISH", "c", "four"));
    }

    @Test
    void shouldTellMessagesOfATransactionOnceItHasCommitted() throws Exception {
        listener.call("SUBSCRIBE", "c");
        client.call("MULTI");
        client.call("PUBLISH", "c", "one");
        client.call("SET", "k", "v");
        assertEquals("QUEUED", client.call("PUBLISH", "c", "two"));
        assertEquals("[:1, OK, :1]", client.call("EXEC"));
        assertEquals("[message, c, one]", listener.read());
        assertEquals("[message, c, two]", listener.read());
    }

    @Test
    void shouldTellOfNoWriteBeforeItIsDurable() throws Exception {
        client.call("CONFIG", "SET", "notify-keyspace-events", "KEA");
        listener.call("PSUBSCRIBE", "__key*__:*");
        server.db.holdDurability();
        client.send("SET", "k", "v");
        listener.patience(200);
        try {
            assertEquals("nothing", listener.read());
        } catch (java.net.SocketTimeoutException expected) {
            server.db.releaseDurability();
        }
        listener.patience(20_000);
        assertEquals("[pmessage, __key*__:*, __keyspace@0__:k, set]", listener.read());
        assertEquals("[pmessage, __key*__:*, __keyevent@0__:set, k]", listener.read());
        assertEquals("OK", client.read());
    }

    @Test
    void shouldCutOffAListenerWhoTakesNothing() throws Exception {
        client.call("CONFIG", "SET", "client-output-buffer-limit", "pubsub 3000000 0 0");
        listener.call("SUBSCRIBE", "c");
        String message = "x".repeat(100_000);
        int told = 0;
        while (told < 2_000 && client.call("PUBLISH", "c", message).equals(":1")) told++;
        assertEquals(":0", client.call("PUBLISH", "c", message));
    }

    @Test
    void shouldAllowLittleToListenersInTheOldProtocolAndAllInTheNew() throws Exception {
        listener.call("SUBSCRIBE", "c");
        assertEquals("[pong, ]", listener.call("PING"));
        assertEquals(
                "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT /"
                        + " RESET are allowed in this context",
                listener.call("GET", "k"));
        client.call("HELLO", "3");
        client.call("SUBSCRIBE", "c");
        assertEquals("nil", client.call("GET", "k"));
        client.send("PUBLISH", "c", "self");
        assertEquals("[message, c, self]", client.read());
        assertEquals(":2", client.read());
        assertEquals("[message, c, self]", listener.read());
        assertEquals("RESET", listener.call("RESET"));
        assertEquals("nil", listener.call("GET", "k"));
    }

    @Test
    void shouldTellWhenAKeysTimeIsOver() throws Exception {
        client.call("CONFIG", "SET", "notify-keyspace-events", "Ex");
        listener.call("SUBSCRIBE", "__keyevent@0__:expired");
        client.call("SET", "short", "v", "PX", "20");
        assertEquals("[message, __keyevent@0__:expired, short]", listener.read());
    }
}
