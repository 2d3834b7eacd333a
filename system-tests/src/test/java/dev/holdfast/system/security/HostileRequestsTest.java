package dev.holdfast.system.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests that want too much of a server with little memory, which serves others all the same.
@Timeout(600)
class HostileRequestsTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir private static Path folder;
    private static ServerProcess server;
    private static int adminPort;

    @BeforeAll
    static void start() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (var free = new ServerSocket(0)) {
            adminPort = free.getLocalPort();
        }
        server =
                Conditions.usual()
                        .flag("-Xmx256m")
                        .start(
                                data.toUri().toString(),
                                folder.resolve("log"),
                                "--admin-port",
                                Integer.toString(adminPort));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void shouldServeOthersAllTheSame() throws IOException {
        assertTrue(server.isAlive(), () -> "ended with " + server.exitCode());
        assertEquals("PONG", call("PING"));
    }

    private static Object call(String... words) throws IOException {
        try (RespClient client = server.connect()) {
            return client.call(words);
        }
    }

    private static void assertEndsWith(String expected, String said) throws IOException {
        try (var socket = new RawSocket(server.port())) {
            assertEquals("-ERR Protocol error: " + expected, socket.say(said).line());
            assertEquals("", socket.untilTheEnd());
        }
    }

    @Test
    @Tag("SEC-01")
    void shouldEndAConnectionWhoseRequestHasTooManyWords() throws IOException {
        for (String count : List.of("2000000000", "99999999999999999999", "abc", "1 "))
            assertEndsWith("invalid multibulk length", "*" + count + "\r\n");
        for (String length : List.of("-1", "2000000000", "99999999999999999999", "abc"))
            assertEndsWith("invalid bulk length", "*1\r\n$" + length + "\r\n");
    }

    @Test
    @Tag("SEC-03")
    void shouldHoldOnlyWhatHasCome() throws IOException {
        // given clients that announce 20 GiB together, and send little
        List<RawSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            var socket = new RawSocket(server.port());
            socket.say("*2\r\n$4\r\nECHO\r\n$536870912\r\n" + "x".repeat(10_000));
            sockets.add(socket);
        }
        // when it has met them all
        int clients = 0;
        for (int i = 0; i < 100_000 && clients < 41; i++) clients = clients();
        // then
        assertTrue(41 <= clients, "clients=" + clients);
        for (RawSocket socket : sockets) socket.close();
    }

    private static int clients() throws IOException {
        return ((String) call("CLIENT", "LIST")).split("\n").length;
    }

    @Test
    @Tag("SEC-04")
    void shouldEndAConnectionWhoseLineDoesNotEnd() throws IOException {
        assertEndsWith("too big inline request", "x".repeat(66_000));
        assertEndsWith("too big mbulk count string", "*" + "1".repeat(66_000));
    }

    @Test
    @Tag("SEC-05")
    void shouldEndAConnectionWhoseRequestIsNested() throws IOException {
        assertEndsWith("expected '$', got '*'", "*1\r\n*1\r\n$4\r\nPING\r\n");
        assertEndsWith("expected '$', got ':'", "*1\r\n:1\r\n");
    }

    @Test
    @Tag("SEC-06")
    void shouldHoldBackWhoeverTakesNoReplies() throws IOException {
        call("SET", "large", "x".repeat(MEBIBYTE));
        try (var greedy = new RawSocket(server.port())) {
            // when it asks for 2 GiB, eight times what the server has
            greedy.say("GET large\r\n".repeat(2_000));
            // then
            for (int i = 0; i < 50; i++) assertEquals("PONG", call("PING"));
        }
        assertEquals(1L, call("DEL", "large"));
    }

    @Test
    @Tag("SEC-06")
    void shouldCutOffASubscriberThatTakesNothing() throws IOException {
        try (var deaf = new RawSocket(server.port());
                RespClient publisher = server.connect()) {
            deaf.say("SUBSCRIBE news\r\n").line();
            String message = "x".repeat(MEBIBYTE);
            int published = 0;
            while (!Long.valueOf(0).equals(publisher.call("PUBLISH", "news", message)))
                assertTrue(++published < 200, "still there after " + published + " MiB");
        }
    }

    @Test
    @Tag("SEC-08")
    void shouldServeOthersBetweenTheTurnsOfAFlood() throws Exception {
        // given floods that nothing but the end of this test ends
        List<RawSocket> flooders = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var flooder = new RawSocket(server.port());
            flooders.add(flooder);
            threads.add(Thread.ofPlatform().daemon().start(() -> flood(flooder)));
            threads.add(Thread.ofPlatform().daemon().start(() -> readOn(flooder)));
        }
        // when others ask one thing after another meanwhile
        long[] nanos = new long[50];
        try (RespClient other = server.connect()) {
            for (int i = 0; i < nanos.length; i++) {
                long begun = System.nanoTime();
                assertEquals("PONG", other.call("PING"));
                nanos[i] = System.nanoTime() - begun;
            }
        }
        // then
        for (RawSocket flooder : flooders) flooder.close();
        for (Thread thread : threads) assertTrue(thread.join(Duration.ofSeconds(60)));
        Arrays.sort(nanos);
        System.out.printf(
                "others under a flood: half of the answers within %,d us, all within %,d us%n",
                nanos[nanos.length / 2] / 1_000, nanos[nanos.length - 1] / 1_000);
    }

    private static void flood(RawSocket socket) {
        String requests = "GET a\r\n".repeat(1_000);
        try {
            while (true) socket.say(requests);
        } catch (IOException closed) {
            // the end of the flood
        }
    }

    private static void readOn(RawSocket socket) {
        try {
            while (!socket.line().isEmpty()) Thread.onSpinWait();
        } catch (IOException closed) {
            // the end of the flood
        }
    }

    @Test
    @Tag("SEC-09")
    void shouldMatchPatternsThatAreMadeToTakeLong() throws IOException {
        call("SET", "a".repeat(3_000), "1");
        String pattern = "a*".repeat(300) + "b";
        assertEquals(List.of(), call("KEYS", pattern));
        assertInstanceOf(List.class, call("SCAN", "0", "MATCH", pattern, "COUNT", "1000"));
        assertEquals("OK", call("ACL", "SETUSER", "slow", "on", "nopass", "+get", "~" + pattern));
        String denied = String.valueOf(call("ACL", "DRYRUN", "slow", "GET", "a".repeat(3_000)));
        assertTrue(denied.contains("no permissions"), denied);
        assertEquals(List.of(), call("PUBSUB", "CHANNELS", pattern));
    }

    @Test
    @Tag("SEC-10")
    void shouldAnswerAsRedisDoesAtTheEndsOfIntegers() throws IOException {
        String most = Long.toString(Long.MAX_VALUE);
        String least = Long.toString(Long.MIN_VALUE);
        call("SET", "n", most);
        call("RPUSH", "l", "a", "b");
        call("SADD", "s", "a");
        assertEquals(failure("increment or decrement would overflow"), call("INCR", "n"));
        assertEquals(failure("decrement would overflow"), call("DECRBY", "n", least));
        assertEquals(failure("offset is out of range"), call("SETRANGE", "n", "-1", "x"));
        assertInstanceOf(RespClient.Failure.class, call("SETRANGE", "n", "536870912", "x"));
        assertEquals(failure("invalid expire time in 'expire' command"), call("EXPIRE", "n", most));
        assertEquals(
                failure("invalid expire time in 'pexpire' command"), call("PEXPIRE", "n", most));
        assertEquals(most, call("GETRANGE", "n", least, most));
        assertEquals(List.of("a", "b"), call("LRANGE", "l", least, most));
        assertEquals(null, call("LINDEX", "l", most));
        assertEquals(null, call("LINDEX", "l", least));
        assertEquals(
                failure("bit offset is not an integer or out of range"),
                call("SETBIT", "b", "4294967296", "1"));
        assertEquals(failure("value is not a valid float"), call("ZADD", "z", "nan", "m"));
        assertInstanceOf(RespClient.Failure.class, call("SRANDMEMBER", "s", least));
        String[] grow = {"BITFIELD", "f", "OVERFLOW", "FAIL", "INCRBY", "i64", "0", most};
        assertEquals(List.of(Long.MAX_VALUE), call(grow));
        assertEquals(Arrays.asList((Object) null), call(grow));
    }

    private static RespClient.Failure failure(String text) {
        return new RespClient.Failure("ERR " + text);
    }

    @Test
    @Tag("SEC-18")
    void shouldEndAConnectionThatABrowserOpened() throws IOException {
        String request = "POST / HTTP/1.1\r\nHost: shop.example\r\n\r\nSET stolen 1\r\n";
        for (String said : List.of(request, "Host: shop.example\r\nSET stolen 1\r\n"))
            try (var socket = new RawSocket(server.port())) {
                assertEquals("", socket.say(said).untilTheEnd());
            }
        assertEquals(0L, call("EXISTS", "stolen"));
        String page = admin("GET /readyz HTTP/1.1\r\nHost: shop.example\r\n");
        assertTrue(page.startsWith("HTTP/1.1 403"), page);
        page = admin("POST /readyz HTTP/1.1\r\nHost: localhost\r\n");
        assertTrue(page.startsWith("HTTP/1.1 405"), page);
        page = admin("GET /readyz HTTP/1.1\r\nHost: localhost\r\n");
        assertTrue(page.startsWith("HTTP/1.1 200"), page);
    }

    private static String admin(String head) throws IOException {
        try (RawSocket socket = adminSocket()) {
            return socket.say(head + "Connection: close\r\n\r\n").untilTheEnd();
        }
    }

    // It listens a moment after clients are served.
    private static RawSocket adminSocket() throws IOException {
        for (int i = 0; i < 3_000; i++)
            try {
                return new RawSocket(adminPort);
            } catch (ConnectException notYet) {
                server.awaitExit(Duration.ofMillis(20));
            }
        throw new AssertionError("no admin server");
    }

    @Test
    @Tag("SEC-20")
    void shouldRefuseToWriteFilesLoadCodeOrDebug() throws IOException {
        String elsewhere = folder.resolve("elsewhere").toString();
        List<List<String>> calls =
                List.of(
                        List.of("CONFIG", "SET", "dir", folder.toString()),
                        List.of("CONFIG", "SET", "dbfilename", "shell.php"),
                        List.of("CONFIG", "SET", "logfile", elsewhere),
                        List.of("CONFIG", "SET", "aclfile", elsewhere),
                        List.of("CONFIG", "SET", "enable-debug-command", "yes"),
                        List.of("CONFIG", "REWRITE"),
                        List.of("ACL", "SAVE"),
                        List.of("MODULE", "LOAD", elsewhere),
                        List.of("DEBUG", "SLEEP", "0"),
                        List.of("DEBUG", "RELOAD"),
                        List.of("REPLICAOF", "127.0.0.1", "1"));
        for (List<String> each : calls)
            assertInstanceOf(
                    RespClient.Failure.class,
                    call(each.toArray(String[]::new)),
                    () -> String.join(" ", each));
        assertTrue(Files.notExists(Path.of(elsewhere)));
    }
}
