package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.NodePackages;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import tools.jackson.databind.json.JsonMapper;

/// Talks to one real server with the clients that people use, each as it comes.
class RedisClientsTest {
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
    void shouldServeRedisCli() {
        Tools.assume("redis-cli");

        assertEquals("PONG", cli("PING"));
        assertEquals("OK", cli("SET", "cli:a", "red"));
        assertEquals("\"red\"", cli("--no-raw", "GET", "cli:a"));
        assertEquals("(nil)", cli("--no-raw", "GET", "cli:none"));
        assertEquals("3", cli("-3", "APPEND", "cli:b", "abc"));
        assertEquals("(integer) 7", cli("--no-raw", "INCRBY", "cli:n", "7"));
        assertEquals("ERR value is not an integer or out of range", cli("INCR", "cli:a"));
        assertTrue(cli("INFO", "server").contains("redis_version:7.0"), cli("INFO", "server"));
        assertEquals("cli:a\ncli:b\ncli:n", sorted(cli("--scan", "--pattern", "cli:*")));
        assertEquals("bc", cli("-n", "0", "GETRANGE", "cli:b", "1", "-1"));
        assertEquals("", cli("-n", "5", "GET", "cli:a"));
        assertTrue(cli("COMMAND", "DOCS", "GET").contains("summary"), cli("COMMAND", "DOCS"));
    }

    @Test
    void shouldServeJedis() {
        try (var jedis = redis.clients.jedis.RedisClient.create("127.0.0.1", server.port())) {
            assertEquals("OK", jedis.set("jedis:a", "red", SetParams.setParams().nx().ex(100)));
            assertNull(jedis.set("jedis:a", "blue", SetParams.setParams().nx()));
            assertEquals("red", jedis.get("jedis:a"));
            assertTrue(90 < jedis.ttl("jedis:a"));
            assertEquals("red", jedis.setGet("jedis:a", "green"));
            assertEquals(
                    List.of("green"),
                    jedis.mget("jedis:a", "jedis:none").stream().limit(1).toList());
            assertEquals(2.5, jedis.incrByFloat("jedis:f", 2.5));
            assertThrows(JedisDataException.class, () -> jedis.incr("jedis:a"));
            byte[] key = {0, '\r', '\n', (byte) 0xff};
            jedis.set(key, new byte[] {1, 0, 2});
            assertArrayEquals(new byte[] {1, 0, 2}, jedis.get(key));
            assertEquals(50, pipelined(jedis));
            var page = jedis.scan("0", new ScanParams().match("jedis:p*").count(1000));
            assertEquals(50, new HashSet<>(page.getResult()).size());
            assertEquals(1, jedis.del("jedis:a"));
        }
    }

    private static int pipelined(redis.clients.jedis.RedisClient jedis) {
        try (var pipeline = jedis.pipelined()) {
            var replies = new ArrayList<redis.clients.jedis.Response<String>>();
            for (int i = 0; i < 50; i++) replies.add(pipeline.set("jedis:p" + i, "v" + i));
            pipeline.sync();
            return (int) replies.stream().filter(reply -> reply.get().equals("OK")).count();
        }
    }

    @Test
    void shouldServeJedisInResp3() {
        try (var jedis =
                new redis.clients.jedis.Jedis(
                        new redis.clients.jedis.HostAndPort("127.0.0.1", server.port()),
                        redis.clients.jedis.DefaultJedisClientConfig.builder()
                                .protocol(RedisProtocol.RESP3)
                                .clientName("tester")
                                .build())) {
            assertEquals("PONG", jedis.ping());
            assertEquals("tester", jedis.clientGetname());
            assertEquals("OK", jedis.set("jedis3:a", "red"));
            assertEquals("red", jedis.getDel("jedis3:a"));
            assertNull(jedis.get("jedis3:a"));
        }
    }

    @Test
    void shouldServeLettuce() throws Exception {
        var client = RedisClient.create("redis://127.0.0.1:" + server.port());
        try (var connection = client.connect()) {
            var redis = connection.sync();
            assertEquals("PONG", redis.ping());
            assertEquals("OK", redis.set("lettuce:a", "red", SetArgs.Builder.px(100_000)));
            assertEquals("red", redis.get("lettuce:a"));
            assertTrue(90_000 < redis.pttl("lettuce:a"));
            assertEquals(
                    List.of(KeyValue.just("lettuce:a", "red"), KeyValue.empty("lettuce:none")),
                    redis.mget("lettuce:a", "lettuce:none"));
            assertEquals("OK", redis.mset(Map.of("lettuce:b", "1", "lettuce:c", "2")));
            assertEquals(3, redis.incrby("lettuce:b", 2));
            assertEquals("string", redis.type("lettuce:b"));
            var pending = new ArrayList<io.lettuce.core.RedisFuture<String>>();
            for (int i = 0; i < 200; i++)
                pending.add(connection.async().set("lettuce:p" + i, "v" + i));
            for (var reply : pending) assertEquals("OK", reply.get(10, TimeUnit.SECONDS));
            var scanned = new HashSet<String>();
            var scan = ScanIterator.scan(redis, ScanArgs.Builder.matches("lettuce:p*").limit(20));
            while (scan.hasNext()) scanned.add(scan.next());
            assertEquals(200, scanned.size());
            assertEquals(1, redis.unlink("lettuce:a"));
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }

    @Test
    void shouldServeIoredis() throws IOException {
        Path node = NodePackages.folder();

        var ended =
                Tools.run(node, List.of("node", "ioredis.mjs", Integer.toString(server.port())));

        var mapper = new JsonMapper();
        assertEquals("", ended.err());
        assertEquals(
                mapper.readTree(
                        """
                        {"ping":"PONG","set":"OK","get":"red","missing":null,"mset":"OK","incr":2,
                         "expire":1,"ttl":true,"binary":[1,0,2],"pipeline":true,"type":"string",
                         "error":"ERR unknown command",
                         "wrongNumber":"ERR value is not an integer or out of range",
                         "scanned":100,"del":1,"quit":"OK"}
                        """),
                mapper.readTree(ended.out()));
    }

    private static String cli(String... words) {
        var command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(server.port())));
        command.addAll(List.of(words));
        return Tools.run(folder, command).out().strip();
    }

    private static String sorted(String lines) {
        return String.join("\n", lines.lines().sorted().toList());
    }

    @Test
    void shouldAnswerInlineCommands() throws IOException {
        try (var socket = new java.net.Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "PING\r\nSET inline:a \"x y\"\r\nGET inline:a\r\nQUIT\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("+PONG\r\n+OK\r\n$3\r\nx y\r\n+OK\r\n", answer);
        }
    }
}
