package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.fake.TestClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DurabilityTest {
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
    void shouldAnswerAWriteOnlyOnceItIsDurable() throws Exception {
        try (var client = new TestClient(server.port())) {
            // given
            server.db.holdDurability();
            client.send("SET", "a", "1");
            assertSilent(client);
            // when
            server.db.releaseDurability();
            // then
            assertEquals("OK", client.read());
        }
    }

    /// The force of what came meanwhile begins when the one before is done, not when those who wait
    /// have been told of that.
    @Test
    void shouldHastenWhatAReplyWaitsForThoughAnEarlierOneIsNotThereYet() throws Exception {
        var options = RedisOptions.defaults().withDurability(Durability.LOCAL);
        try (var usual = new TestServer(options);
                var first = new TestClient(usual.port());
                var second = new TestClient(usual.port())) {
            usual.db.holdDurability();
            first.send("SET", "a", "1");
            assertSilent(first);
            second.send("SET", "b", "2");
            assertSilent(second);
            assertEquals(usual.db.watermarks().applied(), usual.db.hastened());
            usual.db.releaseDurability();
            assertEquals("OK", first.read());
            assertEquals("OK", second.read());
        }
    }

    /// Who forces sends the replies that wait for it: in order, whoever else looks after them.
    @Test
    void shouldSendRepliesInOrderAsTheyBecomeDurable() throws Exception {
        var options = RedisOptions.defaults().withDurability(Durability.LOCAL);
        try (var usual = new TestServer(options);
                var client = new TestClient(usual.port())) {
            int told = 0;
            for (int round = 0; round < 300; round++) {
                usual.db.holdDurability();
                int sent = 1 + round % 3;
                for (int i = 0; i < sent; i++) client.send("INCR", "count");
                if (round % 50 == 0) assertSilent(client);
                usual.db.releaseDurability();
                for (int i = 0; i < sent; i++) assertEquals(":" + ++told, client.read());
            }
        }
    }

    @Test
    void shouldTellWhoWaitsForTheLocalDiskThatItFailed() throws Exception {
        var options = RedisOptions.defaults().withDurability(Durability.LOCAL);
        try (var usual = new TestServer(options);
                var client = new TestClient(usual.port())) {
            usual.db.holdDurability();
            client.send("SET", "a", "1");
            assertSilent(client);
            usual.db.failDurability(new StorageException.Unavailable("disk gone", null));
            assertEquals(TestClient.END, endOf(client));
        }
    }

    @Test
    void shouldShowNobodyWhatACrashCouldTakeBack() throws Exception {
        try (var writer = new TestClient(server.port());
                var reader = new TestClient(server.port())) {
            // given
            assertEquals("OK", writer.call("SET", "a", "old"));
            server.db.holdDurability();
            writer.send("SET", "a", "new");
            assertSilent(writer);
            // when: every way of telling, errors included, and what asks for nothing of it
            reader.send("GET", "a");
            assertSilent(reader);
            reader.send("NO-SUCH-COMMAND");
            assertSilent(reader);
            try (var other = new TestClient(server.port())) {
                assertEquals("PONG", other.call("PING"));
                other.send("INCR", "a");
                assertSilent(other);
                server.db.releaseDurability();
                assertEquals("-ERR value is not an integer or out of range", other.read());
            }
            // then
            assertEquals("new", reader.read());
            assertTrue(reader.read().startsWith("-ERR unknown command"));
            assertEquals("OK", writer.read());
        }
    }

    @Test
    void shouldRunWhatComesNextWhileRepliesWait() throws Exception {
        try (var client = new TestClient(server.port())) {
            // given
            assertEquals(":1", client.call("INCR", "count"));
            server.db.holdDurability();
            for (int i = 0; i < 5; i++) {
                client.send("INCR", "count");
                assertSilent(client);
            }
            // when
            server.db.releaseDurability();
            // then
            for (int i = 2; i <= 6; i++) assertEquals(":" + i, client.read());
        }
    }

    @Test
    void shouldAnswerAtOnceWhenMemoryIsEnough() throws Exception {
        var options = RedisOptions.defaults().withDurability(Durability.MEMORY);
        try (var quick = new TestServer(options);
                var client = new TestClient(quick.port())) {
            quick.db.holdDurability();
            assertEquals("OK", client.call("SET", "a", "1"));
            quick.db.releaseDurability();
        }
    }

    @Test
    void shouldWaitForTheLevelThatOneConnectionAskedFor() throws Exception {
        var options = RedisOptions.defaults().withDurability(Durability.LOCAL);
        try (var usual = new TestServer(options);
                var careful = new TestClient(usual.port());
                var client = new TestClient(usual.port())) {
            // given
            assertEquals("local", careful.call("CLIENT", "DURABILITY"));
            assertEquals("OK", careful.call("CLIENT", "DURABILITY", "remote"));
            usual.db.holdRemote();
            // when: everybody else is answered, the careful one waits for what others wrote, too
            assertEquals("OK", client.call("SET", "a", "1"));
            careful.send("GET", "a");
            assertSilent(careful);
            // then
            usual.db.releaseDurability();
            assertEquals("1", careful.read());
            assertEquals("remote", careful.call("CLIENT", "DURABILITY"));
            assertEquals("local", client.call("CLIENT", "DURABILITY"));
        }
    }

    @Test
    void shouldCountALevelFromTheCommandBehindIt() throws Exception {
        var options = RedisOptions.defaults().withDurability(Durability.LOCAL);
        try (var usual = new TestServer(options);
                var client = new TestClient(usual.port())) {
            // given: one piece, so that it is one turn as far as turns go
            usual.db.holdRemote();
            client.write(
                    TestClient.request("SET", "a", "1")
                            + TestClient.request("CLIENT", "DURABILITY", "REMOTE")
                            + TestClient.request("SET", "b", "1")
                            + TestClient.request("CLIENT", "DURABILITY", "DEFAULT")
                            + TestClient.request("GET", "a"));
            // when
            assertEquals("OK", client.read());
            assertEquals("OK", client.read());
            assertSilent(client);
            // then
            usual.db.releaseDurability();
            assertEquals("OK", client.read());
            assertEquals("OK", client.read());
            assertEquals("1", client.read());
            assertEquals("local", client.call("CLIENT", "DURABILITY"));
        }
    }

    @Test
    void shouldLetNobodyGoBelowWhatTheServerAllows() throws Exception {
        var options = RedisOptions.defaults().withDurability(Durability.LOCAL);
        try (var usual = new TestServer(options);
                var client = new TestClient(usual.port())) {
            // given
            assertEquals(
                    "-ERR this server lets no client go below durability local"
                            + " (client-durability-min)",
                    client.call("CLIENT", "DURABILITY", "memory"));
            assertEquals("OK", client.call("CONFIG", "SET", "client-durability-min", "memory"));
            assertEquals("OK", client.call("CLIENT", "DURABILITY", "memory"));
            // when
            usual.db.holdDurability();
            assertEquals("OK", client.call("SET", "a", "1"));
            // then: what is allowed later counts for those that have chosen before
            assertEquals("OK", client.call("CONFIG", "SET", "client-durability-min", "remote"));
            client.send("GET", "a");
            assertSilent(client);
            usual.db.releaseDurability();
            assertEquals("1", client.read());
        }
    }

    @Test
    void shouldForgetTheLevelWhenTheConnectionStartsOver() throws Exception {
        var options = RedisOptions.defaults().withDurability(Durability.LOCAL);
        try (var usual = new TestServer(options);
                var client = new TestClient(usual.port())) {
            assertEquals("OK", client.call("CLIENT", "DURABILITY", "remote"));
            assertEquals("-ERR syntax error", client.call("CLIENT", "DURABILITY", "disk"));
            assertEquals("RESET", client.call("RESET"));
            assertEquals("local", client.call("CLIENT", "DURABILITY"));
        }
    }

    @Test
    void shouldNeitherConfirmNorDenyAWriteWhoseFateIsUnknown() throws Exception {
        try (var client = new TestClient(server.port())) {
            // given
            assertEquals("OK", client.call("SET", "a", "1"));
            server.db.holdDurability();
            client.write(TestClient.request("SET", "a", "2") + TestClient.request("ECHO", "after"));
            assertSilent(client);
            // when
            server.db.failDurability(new StorageException.Unavailable("no answer", null));
            // then
            assertEquals(TestClient.END, endOf(client));
        }
    }

    @Test
    void shouldRunACommandAgainUntilItWins() throws Exception {
        try (var client = new TestClient(server.port())) {
            server.db.loseRaces(20);
            assertEquals(":1", client.call("INCR", "contended"));
            assertEquals(":2", client.call("INCR", "contended"));
        }
    }

    private static void assertSilent(TestClient client) throws IOException {
        client.patience(50);
        assertThrows(SocketTimeoutException.class, client::read);
        client.patience(20_000);
    }

    private static String endOf(TestClient client) {
        try {
            return client.read();
        } catch (IOException reset) {
            return TestClient.END;
        }
    }
}
