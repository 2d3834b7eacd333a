package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The tools that come with Redis: the pipe mode of redis-cli, its looks at large keys, and the
/// whole default suite of redis-benchmark.
@Timeout(300)
class RedisToolsTest {
    private static final List<String> SUITE =
            List.of(
                    "PING_INLINE",
                    "PING_MBULK",
                    "SET",
                    "GET",
                    "INCR",
                    "LPUSH",
                    "RPUSH",
                    "LPOP",
                    "RPOP",
                    "SADD",
                    "HSET",
                    "SPOP",
                    "ZADD",
                    "ZPOPMIN",
                    "LRANGE_100",
                    "LRANGE_300",
                    "LRANGE_500",
                    "LRANGE_600",
                    "MSET");

    @TempDir static Path folder;
    static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(Files.createDirectories(folder.resolve("data")));
    }

    @AfterAll
    static void stop() throws IOException {
        assertEquals(0, server.stop(Duration.ofSeconds(30)));
    }

    @Test
    void shouldTakeWhatRedisCliPipes() throws IOException {
        Tools.assume("redis-cli");
        Path requests = folder.resolve("requests");
        try (var out = Files.newBufferedWriter(requests, StandardCharsets.ISO_8859_1)) {
            for (int i = 0; i < 20_000; i++) {
                String key = "pipe:" + i;
                out.write("*3\r\n$3\r\nSET\r\n" + bulk(key) + bulk("value " + i));
                out.write("*4\r\n$4\r\nHSET\r\n" + bulk("pipe:hash") + bulk(key) + bulk("x"));
            }
            out.write("*2\r\n$4\r\nINCR\r\n" + bulk("pipe:7"));
        }
        String line = "exec redis-cli -p " + server.port() + " --pipe < " + requests;

        var ended = Tools.run(folder, List.of("sh", "-c", line));

        assertTrue(ended.err().contains("ERR value is not an integer"), ended.err());
        assertTrue(ended.out().contains("errors: 1, replies: 40001"), ended.out());
        try (RespClient client = server.connect()) {
            assertEquals("value 19999", client.call("GET", "pipe:19999"));
            assertEquals(20_000L, client.call("HLEN", "pipe:hash"));
        }
    }

    private static String bulk(String word) {
        return "$" + word.length() + "\r\n" + word + "\r\n";
    }

    @Test
    void shouldShowRedisCliWhatIsLarge() throws IOException {
        Tools.assume("redis-cli");
        try (RespClient client = server.connect()) {
            client.call("SELECT", "3");
            for (int i = 0; i < 200; i++) client.call("RPUSH", "list", "element" + i);
            client.call("SET", "string", "x".repeat(100_000));
            client.call("XADD", "stream", "*", "f", "v");
        }

        String bigkeys = cli("-n", "3", "--bigkeys").out();
        String memkeys = cli("-n", "3", "--memkeys").out();

        assertTrue(bigkeys.contains("Biggest string found"), bigkeys);
        assertTrue(bigkeys.contains("has 200 items"), bigkeys);
        assertTrue(memkeys.contains("Biggest"), memkeys);
    }

    @Test
    void shouldServeTheWholeSuiteOfRedisBenchmark() {
        Tools.assume("redis-benchmark");
        var ended = benchmark("-n", "1000", "-c", "20", "-d", "64", "-r", "1000");
        var piped = benchmark("-n", "2000", "-c", "20", "-P", "16", "--threads", "2");

        checkSuite(ended);
        checkSuite(piped);
    }

    private static Tools.Ended benchmark(String... options) {
        var command = new ArrayList<>(List.of("redis-benchmark", "-q", "-p"));
        command.add(Integer.toString(server.port()));
        command.addAll(List.of(options));
        return Tools.run(folder, command);
    }

    private static void checkSuite(Tools.Ended ended) {
        String printed = ended.out() + ended.err();
        assertEquals(0, ended.code(), printed);
        assertFalse(printed.contains("rror"), printed);
        assertFalse(printed.contains("WARNING"), printed);
        for (String name : SUITE) assertTrue(ended.out().contains(name), name + ": " + printed);
    }

    private static Tools.Ended cli(String... words) {
        var command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(server.port())));
        command.addAll(List.of(words));
        return Tools.run(folder, command);
    }
}
