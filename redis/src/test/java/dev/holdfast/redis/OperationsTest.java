package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What people do to a server that runs: pause it, save it, ask and set its parameters.
@Timeout(60)
class OperationsTest {
    private static final String LONG = "600000";

    @Test
    void shouldHoldCallsUntilThePauseIsOver() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            assertEquals("OK", client.call("CLIENT", "PAUSE", LONG, "WRITE"));
            assertEquals("nil", other.call("GET", "a"));
            other.send("SET", "a", "1");
            other.send("GET", "a");
            assertSilent(other);
            assertEquals("nil", client.call("GET", "a"));

            assertEquals("OK", client.call("CLIENT", "UNPAUSE"));
            assertEquals("OK", other.read());
            assertEquals("1", other.read());
        }
    }

    @Test
    void shouldHoldEverythingButWhatEndsThePause() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            client.call("CLIENT", "PAUSE", LONG);
            other.send("PING");
            assertSilent(other);
            client.send("GET", "a");
            assertSilent(client);
            try (var third = new TestClient(server.port())) {
                assertEquals("OK", third.call("CLIENT", "UNPAUSE"));
            }
            assertEquals("PONG", other.read());
            assertEquals("nil", client.read());
        }
    }

    @Test
    void shouldEndAPauseByItself() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            client.call("CLIENT", "PAUSE", "50", "ALL");
            assertEquals("PONG", client.call("PING"));
        }
    }

    @Test
    void shouldAnswerWhatAPauseHeldUpWhenTheServerStops() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            client.call("CLIENT", "PAUSE", LONG, "WRITE");
            other.write(TestClient.request("SET", "a", "1") + TestClient.request("GET", "a"));
            assertSilent(other);

            var report = server.stop(Duration.ofSeconds(20));
            assertTrue(report.exitCode().toString().contains("CLEAN"), report.toPage());
            assertEquals("OK", other.read());
            assertEquals("1", other.read());
            assertEquals(TestClient.END, other.read());
        }
    }

    @Test
    void shouldSeeAClientLeaveDuringAPause() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            try (var other = new TestClient(server.port())) {
                assertEquals("PONG", other.call("PING"));
                client.call("CLIENT", "PAUSE", LONG, "WRITE");
                other.send("SET", "a", "1");
                assertSilent(other);
            }
            while (!client.call("INFO", "clients").contains("connected_clients:1\r"))
                Thread.onSpinWait();
            client.call("CLIENT", "UNPAUSE");
            assertEquals("nil", client.call("GET", "a"));
        }
    }

    private static void assertSilent(TestClient client) throws IOException {
        client.patience(100);
        Assertions.assertThrows(SocketTimeoutException.class, client::read);
        client.patience(20_000);
    }

    @Test
    void shouldSave() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            assertEquals("OK", client.call("SAVE"));
            String saved = client.call("LASTSAVE");
            assertTrue(client.call("INFO", "persistence").contains("rdb_saves:1"));
            assertEquals("Background saving started", client.call("BGSAVE"));
            while (!client.call("INFO", "persistence").contains("rdb_saves:2")) Thread.onSpinWait();
            while (client.call("BGREWRITEAOF").startsWith("-")) Thread.onSpinWait();
            assertEquals("-ERR syntax error", client.call("BGSAVE", "NOW"));
            assertTrue(
                    Long.parseLong(saved.substring(1))
                            <= Long.parseLong(client.call("LASTSAVE").substring(1)));
            while (!client.call("INFO", "persistence").contains("aof_rewrite_in_progress:0"))
                Thread.onSpinWait();
        }
    }

    @Test
    void shouldCheckParametersAsRedisDoes() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            assertEquals("OK", client.call("CONFIG", "SET", "hz", "50", "maxmemory-samples", "7"));
            assertEquals("[hz, 50]", client.call("CONFIG", "GET", "hz"));
            assertEquals(
                    "[hash-max-listpack-entries, 512, hash-max-ziplist-entries, 512]",
                    client.call("CONFIG", "GET", "hash-max-*-entries"));
            client.call("CONFIG", "SET", "hash-max-ziplist-entries", "9");
            assertEquals(
                    "[hash-max-listpack-entries, 9]",
                    client.call("CONFIG", "GET", "hash-max-listpack-entries"));
            assertEquals(
                    "-ERR CONFIG SET failed (possibly related to argument 'slowlog-max-len') -"
                            + " argument must be between 0 and 9223372036854775807 inclusive",
                    client.call("CONFIG", "SET", "hz", "10", "slowlog-max-len", "-1"));
            assertEquals("[hz, 50]", client.call("CONFIG", "GET", "hz"));
            assertEquals("OK", client.call("CONFIG", "SET", "save", "", "appendonly", "no"));
            assertEquals("OK", client.call("CONFIG", "SET", "maxmemory", "100mb"));
            assertEquals("[maxmemory, 104857600]", client.call("CONFIG", "GET", "maxmemory"));
            assertTrue(
                    client.call("CONFIG", "SET", "maxmemory", "much")
                            .contains("argument must be a memory value"));
            assertTrue(
                    client.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
                            .contains("lies in the object store"));
        }
    }

    @Test
    @Tag("SEC-20")
    void shouldWriteNoFilesAndAllowNoDebugging() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            for (String name : new String[] {"dir", "dbfilename"})
                assertTrue(
                        client.call("CONFIG", "SET", name, "x")
                                .endsWith("can't set protected config"));
            for (String name : new String[] {"logfile", "pidfile", "aclfile", "unixsocket"})
                assertTrue(client.call("CONFIG", "SET", name, "x").startsWith("-ERR CONFIG SET"));
            assertTrue(client.call("CONFIG", "REWRITE").startsWith("-ERR"));
            assertTrue(client.call("MODULE", "LOAD", "/x.so").startsWith("-ERR MODULE command"));
            assertTrue(client.call("DEBUG", "SLEEP", "0").startsWith("-ERR DEBUG command not"));
            assertTrue(
                    client.call("CONFIG", "SET", "enable-debug-command", "yes")
                            .endsWith("can't set immutable config"));
            assertTrue(client.call("SLAVEOF", "elsewhere", "6379").startsWith("-ERR"));
        }
    }

    @Test
    void shouldWriteChangedParametersToTheFileItWasStartedWith(@TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("redis.conf");
        Files.writeString(
                file,
                """
                # mine
                slowlog-max-len 7
                timeout 0

                requirepass "a \\"secret\\""
                """);
        var options = RedisOptions.defaults().withParametersOf(file);
        try (var server = new TestServer(options);
                var client = new TestClient(server.port())) {
            assertEquals("OK", client.call("AUTH", "a \"secret\""));
            assertEquals("[slowlog-max-len, 7]", client.call("CONFIG", "GET", "slowlog-max-len"));
            client.call("CONFIG", "SET", "timeout", "9", "hz", "11", "requirepass", "");
            assertEquals("OK", client.call("CONFIG", "REWRITE"));
        }

        assertEquals(
                """
                # mine
                slowlog-max-len 7
                timeout 9

                requirepass ""
                # Added by CONFIG REWRITE
                hz 11
                """,
                Files.readString(file));
        try (var server = new TestServer(RedisOptions.defaults().withParametersOf(file));
                var client = new TestClient(server.port())) {
            assertEquals("[hz, 11, timeout, 9]", client.call("CONFIG", "GET", "hz", "timeout"));
            assertEquals("OK", client.call("CONFIG", "REWRITE"));
        }
    }

    @Test
    void shouldRefuseAFileThatMakesNoSense(@TempDir Path directory) throws Exception {
        for (String text : new String[] {"nosuch 1", "hz x", "hz 1\nhz 2", "save 3600 1"}) {
            Path file = Files.writeString(directory.resolve("redis.conf"), text);
            Assertions.assertThrows(
                    IllegalArgumentException.class,
                    () -> RedisOptions.defaults().withParametersOf(file),
                    text);
        }
    }

    @Test
    void shouldDebugWhereTheOperatorAllowsIt() throws Exception {
        var options = RedisOptions.defaults().with("enable-debug-command", "local");
        try (var server = new TestServer(options);
                var client = new TestClient(server.port())) {
            assertEquals("OK", client.call("DEBUG", "SLEEP", "0.01"));
            assertEquals("OK", client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0"));
            client.call("SET", "a", "12", "PX", "1");
            client.call("SET", "b", "text");
            while (!client.call("GET", "a").equals("nil")) Thread.onSpinWait();
            assertEquals(":2", client.call("DBSIZE"));
            assertEquals("OK", client.call("DEBUG", "SET-ACTIVE-EXPIRE", "1"));
            while (!client.call("DBSIZE").equals(":1")) Thread.onSpinWait();
            assertTrue(client.call("INFO", "stats").contains("expired_keys:1"));
            String shown = client.call("DEBUG", "OBJECT", "b");
            assertTrue(shown.contains("encoding:embstr serializedlength:"), shown);
            assertEquals("-ERR no such key", client.call("DEBUG", "OBJECT", "a"));
            assertEquals("-NO such luck", client.call("DEBUG", "ERROR", "NO such luck"));
            assertEquals("Hello World", client.call("DEBUG", "PROTOCOL", "string"));
            assertTrue(client.call("DEBUG", "SEGFAULT").startsWith("-ERR unknown subcommand"));
        }
    }

    @Test
    void shouldWaitForNobodyAndForTheStore() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            assertEquals(":0", client.call("WAIT", "0", "0"));
            assertEquals(":0", client.call("WAIT", "1", "20"));
            client.call("SET", "a", "1");
            assertEquals("[:1, :1]", client.call("WAITAOF", "1", "1", "0"));
            client.call("MULTI");
            client.call("WAIT", "3", "0");
            assertEquals("[:0]", client.call("EXEC"));
            client.send("WAIT", "1", "0");
            try (var other = new TestClient(server.port())) {
                while (!other.call("CLIENT", "LIST").contains("flags=b ")) Thread.onSpinWait();
                String list = other.call("CLIENT", "LIST");
                String id = list.substring(list.indexOf("id=") + 3, list.indexOf(' '));
                assertEquals(":1", other.call("CLIENT", "UNBLOCK", id));
            }
            assertEquals(":0", client.read());
        }
    }

    @Test
    void shouldCountWhatIsFoundAndWhatIsNot() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.call("GET", "a");
            client.call("MGET", "a", "b", "c");

            String stats = client.call("INFO", "stats");
            assertTrue(stats.contains("keyspace_hits:2"), stats);
            assertTrue(stats.contains("keyspace_misses:2"), stats);
            client.call("CONFIG", "RESETSTAT");
            assertFalse(client.call("INFO", "stats").contains("keyspace_hits:2"));
        }
    }

    @Test
    void shouldTellOfMemory() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            assertTrue(client.call("MEMORY", "STATS").contains("keys.count, :1"));
            assertEquals("OK", client.call("MEMORY", "PURGE"));
            assertTrue(client.call("MEMORY", "MALLOC-STATS").startsWith("The heap"));
            assertTrue(client.call("MEMORY", "DOCTOR").contains("% of the heap"));
            assertTrue(client.call("MEMORY", "USAGE", "a").startsWith(":"));
        }
    }
}
