package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.keyspace.Home;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Moves keys to a real Redis, to a server of this kind, and to such that break off.
@Timeout(120)
class MigrateTest {
    private static final String HERE = "127.0.0.1";

    @TempDir Path directory;

    @Test
    void shouldMoveEveryKindOfValueToARedis() throws Exception {
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.ENGINE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            // given
            Map<String, StoredValue> before = new TreeMap<>();
            for (List<List<String>> calls : SampleValues.all().values())
                for (List<String> call : calls) holdfast.call(call);
            for (RespValue key : holdfast.call("KEYS", "*").parts())
                before.put(key.text(), StoredValue.of(holdfast, key.text()));
            // when
            String port = Integer.toString(process.port());
            for (String key : before.keySet())
                assertEquals(
                        "OK", holdfast.call("MIGRATE", HERE, port, key, "3", "30000").text(), key);
            // then
            assertEquals("0", holdfast.call("DBSIZE").text());
            redis.call("SELECT", "3");
            assertEquals(Integer.toString(before.size()), redis.call("DBSIZE").text());
            for (String key : before.keySet())
                assertEquals(
                        before.get(key).told().getLast(),
                        StoredValue.of(redis, key).told().getLast(),
                        key);
        }
    }

    @Test
    void shouldCopyAndReplaceManyKeysAtOnce() throws Exception {
        try (Holdfast target = Holdfast.start(Home.Kind.FAKE);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient there = new RespClient(target.port());
                RespClient here = new RespClient(server.port())) {
            String port = Integer.toString(target.port());
            there.call("CONFIG", "SET", "requirepass", "secret");
            there.call("AUTH", "secret");
            here.call("MSET", "a", "1", "b", "2", "c", "3");
            here.call("PEXPIRE", "c", "1000000");
            there.call("SET", "b", "old");

            assertEquals(
                    "ERR Target instance replied with error: NOAUTH Authentication required.",
                    here.call("MIGRATE", HERE, port, "a", "0", "30000").text());
            assertEquals(
                    "OK",
                    here.call("MIGRATE", HERE, port, "a", "0", "30000", "COPY", "AUTH", "secret")
                            .text());
            RespValue some =
                    here.call(
                            "MIGRATE", HERE, port, "", "0", "30000", "AUTH2", "default", "secret",
                            "KEYS", "b", "nosuch", "c");

            assertEquals(
                    "ERR Target instance replied with error: BUSYKEY Target key name already"
                            + " exists.",
                    some.text());
            assertEquals("2", here.call("EXISTS", "a", "b", "c").text());
            assertEquals("old", there.call("GET", "b").text());
            assertEquals("3", there.call("GET", "c").text());
            assertTrue(900_000 < Long.parseLong(there.call("PTTL", "c").text()));
            assertEquals(
                    "OK",
                    here.call(
                                    "MIGRATE", HERE, port, "", "0", "30000", "REPLACE", "AUTH",
                                    "secret", "KEYS", "a", "b")
                            .text());
            assertEquals("0", here.call("DBSIZE").text());
            assertEquals("2", there.call("GET", "b").text());
            assertEquals("NOKEY", here.call("MIGRATE", HERE, port, "a", "0", "30000").text());
        }
    }

    @Test
    void shouldKeepTheKeyWhenTheAnswerIsLost() throws Exception {
        try (Target target = new Target();
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient here = new RespClient(server.port())) {
            here.call("SET", "k", "v");
            here.send(List.of("MIGRATE", HERE, target.port(), "k", "0", "30000"));
            here.flush();
            target.greet();
            target.readUntil("RESTORE");
            target.breakOff();

            assertEquals("IOERR error or timeout reading from target instance", here.read().text());
            assertEquals("v", here.call("GET", "k").text());
        }
    }

    @Test
    void shouldGiveUpAfterTheTimeout() throws Exception {
        try (Target target = new Target();
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient here = new RespClient(server.port())) {
            here.call("SET", "k", "v");

            assertEquals(
                    "IOERR error or timeout reading from target instance",
                    here.call("MIGRATE", HERE, target.port(), "k", "0", "200").text());
            assertEquals("v", here.call("GET", "k").text());
        }
    }

    @Test
    void shouldKeepAKeyThatWasChangedOnItsWay() throws Exception {
        try (Target target = new Target();
                Holdfast server = Holdfast.start(Home.Kind.ENGINE);
                RespClient here = new RespClient(server.port());
                RespClient other = new RespClient(server.port())) {
            here.call("MSET", "k", "v", "l", "w");
            here.send(List.of("MIGRATE", HERE, target.port(), "", "0", "30000", "KEYS", "k", "l"));
            here.flush();
            target.greet();
            target.readUntil("RESTORE");
            other.call("SET", "k", "newer");
            target.write("+OK\r\n+OK\r\n");

            String answer = here.read().text();

            assertTrue(answer.startsWith("TRYAGAIN key changed while it was moved"), answer);
            assertEquals("newer", here.call("GET", "k").text());
            assertEquals("0", here.call("EXISTS", "l").text());
        }
    }

    @Test
    void shouldBeRefusedWhereNobodyMayWait() throws Exception {
        try (Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient here = new RespClient(server.port())) {
            here.call("SET", "k", "v");
            String script = "return redis.pcall('migrate', '127.0.0.1', '1', 'k', '0', '10')";

            assertTrue(here.call("EVAL", script, "0").isError());
            here.call("MULTI");
            assertTrue(here.call("MIGRATE", HERE, "1", "k", "0", "10").isError());
        }
    }

    /// A target whose answers a test writes itself.
    private static final class Target implements AutoCloseable {
        private final ServerSocket listening =
                new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private Socket connected = new Socket();

        Target() throws IOException {
            listening.setSoTimeout(30_000);
        }

        String port() {
            return Integer.toString(listening.getLocalPort());
        }

        void greet() throws IOException {
            connected = listening.accept();
            connected.setSoTimeout(30_000);
            readUntil("SELECT");
            write("+OK\r\n");
        }

        void readUntil(String word) throws IOException {
            var read = new StringBuilder();
            while (read.indexOf(word) < 0) {
                int next = connected.getInputStream().read();
                if (next < 0) throw new IOException("the server went away");
                read.append((char) next);
            }
        }

        void write(String text) throws IOException {
            connected
                    .getOutputStream()
                    .write(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }

        void breakOff() throws IOException {
            connected.close();
        }

        @Override
        public void close() throws IOException {
            connected.close();
            listening.close();
        }
    }
}
