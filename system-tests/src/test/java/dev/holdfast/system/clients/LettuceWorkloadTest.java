package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.ServerProcess;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.Consumer;
import io.lettuce.core.KeyValue;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/// What applications do with Lettuce, in both protocol versions: one connection for many threads,
/// futures, reactive chains, messages, streams with groups, blocking pops, transactions.
@Timeout(120)
class LettuceWorkloadTest {
    @TempDir static Path folder;
    static ServerProcess server;
    private final List<RedisClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(Files.createDirectories(folder.resolve("data")));
    }

    @AfterAll
    static void stop() throws IOException {
        assertEquals(0, server.stop(Duration.ofSeconds(30)));
    }

    @AfterEach
    void shutdown() {
        for (RedisClient client : clients) client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    }

    private RedisClient client(ProtocolVersion version) {
        var uri =
                RedisURI.builder()
                        .withHost("127.0.0.1")
                        .withPort(server.port())
                        .withDatabase(version.ordinal())
                        .withTimeout(Duration.ofSeconds(30))
                        .build();
        RedisClient client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder().protocolVersion(version).build());
        clients.add(client);
        return client;
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldKeepCollections(ProtocolVersion version) {
        RedisCommands<String, String> redis = client(version).connect().sync();
        redis.hset("user", Map.of("name", "Ada", "visits", "1"));
        assertEquals(42, redis.hincrby("user", "visits", 41));
        assertEquals(Map.of("name", "Ada", "visits", "42"), redis.hgetall("user"));
        redis.rpush("jobs", "a", "b", "c");
        assertEquals(List.of("b", "c"), redis.lrange("jobs", 1, -1));
        redis.sadd("tags", "x", "y");
        assertEquals(Set.of("x", "y"), redis.smembers("tags"));
        redis.zadd("board", 1.5, "ann", 3.0, "bob");
        assertEquals(
                List.of(ScoredValue.just(1.5, "ann"), ScoredValue.just(3, "bob")),
                redis.zrangeWithScores("board", 0, -1));
        assertEquals(3, redis.zscore("board", "bob"));
        assertNull(redis.zscore("board", "nobody"));
        redis.setbit("bits", 3, 1);
        assertEquals(1, redis.bitcount("bits"));
        redis.pfadd("guests", "x", "y");
        assertEquals(2, redis.pfcount("guests"));
        redis.geoadd("places", 13.361389, 38.115556, "Palermo");
        assertEquals(
                13.361389, redis.geopos("places", "Palermo").getFirst().getX().doubleValue(), 1e-5);
        var fields = new HashMap<String, String>();
        for (int i = 0; i < 20_000; i++) fields.put("field" + i, "value" + i);
        redis.hset("large", fields);
        assertEquals(fields, redis.hgetall("large"));
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldRunFuturesAndReactiveChains(ProtocolVersion version) throws Exception {
        try (StatefulRedisConnection<String, String> connection = client(version).connect()) {
            var futures = new ArrayList<RedisFuture<Long>>();
            for (int i = 0; i < 1000; i++) futures.add(connection.async().incr("count"));
            for (int i = 0; i < 1000; i++)
                assertEquals(i + 1, futures.get(i).get(30, TimeUnit.SECONDS));
            var reactive = connection.reactive();
            Long sum =
                    Flux.range(0, 200)
                            .flatMap(i -> reactive.set("r" + i, Integer.toString(i)), 32)
                            .thenMany(Flux.range(0, 200))
                            .flatMap(i -> reactive.get("r" + i), 32)
                            .map(Long::parseLong)
                            .reduce(0L, Long::sum)
                            .block(Duration.ofSeconds(30));
            assertEquals(199 * 200 / 2, sum);
            reactive.sadd("members", "a", "b", "c").block(Duration.ofSeconds(30));
            assertEquals(
                    3,
                    reactive.smembers("members").count().block(Duration.ofSeconds(30)).intValue());
        }
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldRunTransactions(ProtocolVersion version) {
        RedisClient client = client(version);
        RedisCommands<String, String> redis = client.connect().sync();
        redis.set("account", "10");
        redis.watch("account");
        redis.multi();
        redis.decrby("account", 3);
        redis.rpush("journal", "took 3");
        redis.lrange("journal", 0, -1);
        TransactionResult done = redis.exec();
        assertEquals(7L, done.<Long>get(0));
        assertEquals(List.of("took 3"), done.<List<String>>get(2));
        redis.watch("account");
        client.connect().sync().incr("account");
        redis.multi();
        redis.set("account", "0");
        assertTrue(redis.exec().wasDiscarded());
        assertEquals("8", redis.get("account"));
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldHearMessages(ProtocolVersion version) throws InterruptedException {
        RedisClient client = client(version);
        BlockingQueue<String> heard = new ArrayBlockingQueue<>(10);
        try (var listening = client.connectPubSub();
                var speaking = client.connect()) {
            listening.addListener(
                    new RedisPubSubAdapter<>() {
                        @Override
                        public void message(String channel, String message) {
                            heard.add(channel + "=" + message);
                        }

                        @Override
                        public void message(String pattern, String channel, String message) {
                            heard.add(pattern + "/" + channel + "=" + message);
                        }
                    });
            listening.sync().subscribe("news" + version);
            listening.sync().psubscribe("w?rld" + version);
            assertEquals(1, speaking.sync().publish("news" + version, "goal"));
            assertEquals("news" + version + "=goal", heard.poll(20, TimeUnit.SECONDS));
            speaking.sync().publish("world" + version, "hello");
            assertEquals(
                    "w?rld" + version + "/world" + version + "=hello",
                    heard.poll(20, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldWaitForWhatComes(ProtocolVersion version) throws Exception {
        RedisClient client = client(version);
        try (var waiting = client.connect();
                var giving = client.connect()) {
            var popped = waiting.async().blpop(20, "first", "second");
            giving.sync().rpush("second", "here");
            assertEquals(KeyValue.just("second", "here"), popped.get(30, TimeUnit.SECONDS));
            assertNull(waiting.sync().blpop(0.05, "never"));
            var moved =
                    waiting.async().blmove("source", "target", LMoveArgs.Builder.rightLeft(), 20);
            giving.sync().lpush("source", "x");
            assertEquals("x", moved.get(30, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    @SuppressWarnings("unchecked") // offsets are a generic array
    void shouldReadStreamsInGroups(ProtocolVersion version) throws Exception {
        RedisClient client = client(version);
        try (var connection = client.connect();
                var waiting = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            for (int i = 1; i <= 10; i++) redis.xadd("log", Map.of("n", Integer.toString(i)));
            redis.xgroupCreate(XReadArgs.StreamOffset.from("log", "0-0"), "readers");
            List<StreamMessage<String, String>> mine =
                    redis.xreadgroup(
                            Consumer.from("readers", "me"),
                            XReadArgs.Builder.count(4),
                            XReadArgs.StreamOffset.lastConsumed("log"));
            assertEquals(4, mine.size());
            assertEquals(Map.of("n", "1"), mine.getFirst().getBody());
            assertEquals(1, redis.xack("log", "readers", mine.getFirst().getId()));
            assertEquals(3, redis.xpending("log", "readers").getCount());
            assertEquals(10, redis.xrange("log", io.lettuce.core.Range.unbounded()).size());
            var rest =
                    waiting.async()
                            .xreadgroup(
                                    Consumer.from("readers", "you"),
                                    XReadArgs.Builder.block(20_000),
                                    XReadArgs.StreamOffset.lastConsumed("log"));
            assertEquals(6, rest.get(30, TimeUnit.SECONDS).size());
            var next =
                    waiting.async()
                            .xreadgroup(
                                    Consumer.from("readers", "you"),
                                    XReadArgs.Builder.block(20_000),
                                    XReadArgs.StreamOffset.lastConsumed("log"));
            redis.xadd("log", Map.of("n", "late"));
            assertEquals(Map.of("n", "late"), next.get(30, TimeUnit.SECONDS).getFirst().getBody());
        }
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldServeManyThreadsOnOneConnection(ProtocolVersion version) throws Exception {
        try (var connection = client(version).connect()) {
            var seen = java.util.Collections.synchronizedSet(new HashSet<Long>());
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 16; i++)
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    for (int j = 0; j < 100; j++)
                                        seen.add(connection.sync().incr("together"));
                                }));
            for (Thread thread : threads) thread.join();
            assertEquals(1600, seen.size());
        }
    }
}
