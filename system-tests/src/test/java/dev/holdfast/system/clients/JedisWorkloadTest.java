package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.ServerProcess;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.args.GeoUnit;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SortingParams;
import redis.clients.jedis.params.XAutoClaimParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.params.ZRangeParams;
import redis.clients.jedis.resps.StreamEntry;
import redis.clients.jedis.resps.Tuple;

/// What applications do with Jedis, in both protocol versions: every kind of value, transactions,
/// pipelines, blocking pops, messages, streams.
@Timeout(120)
class JedisWorkloadTest {
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

    private static Jedis connect(RedisProtocol protocol) {
        var jedis =
                new Jedis(
                        new HostAndPort("127.0.0.1", server.port()),
                        DefaultJedisClientConfig.builder()
                                .protocol(protocol)
                                .database(protocol.ordinal())
                                .socketTimeoutMillis(30_000)
                                .build());
        return jedis;
    }

    @ParameterizedTest
    @EnumSource(
            value = RedisProtocol.class,
            names = {"RESP2", "RESP3"})
    void shouldKeepCollections(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol)) {
            jedis.hset("user", Map.of("name", "Ada", "visits", "1"));
            assertEquals(42, jedis.hincrBy("user", "visits", 41));
            assertEquals(Map.of("name", "Ada", "visits", "42"), jedis.hgetAll("user"));
            assertEquals(4, jedis.rpush("jobs", "c", "a", "d", "b"));
            assertEquals(List.of("a", "d", "b"), jedis.lrange("jobs", 1, -1));
            assertEquals(List.of("d", "c", "b", "a"), jedis.sort("jobs", descending()));
            assertEquals("c", jedis.lmove("jobs", "done", ListDirection.LEFT, ListDirection.LEFT));
            jedis.sadd("red", "rose", "cherry");
            jedis.sadd("fruit", "cherry", "lemon");
            assertEquals(Set.of("cherry"), jedis.sinter("red", "fruit"));
            assertEquals(Set.of("rose", "cherry", "lemon"), jedis.sunion("red", "fruit"));
            jedis.zadd("board", Map.of("ann", 1.5, "bob", 30.0, "cid", 20.0));
            assertEquals(
                    List.of(new Tuple("ann", 1.5), new Tuple("cid", 20.0), new Tuple("bob", 30.0)),
                    jedis.zrangeWithScores("board", 0, -1));
            assertEquals(1, jedis.zrevrank("board", "cid"));
            assertEquals(
                    List.of("cid", "bob"),
                    jedis.zrange("board", ZRangeParams.zrangeByScoreParams(2, 100)));
            assertEquals(new Tuple("ann", 1.5), jedis.zpopmin("board"));
        }
    }

    private static SortingParams descending() {
        return new SortingParams().alpha().desc();
    }

    @ParameterizedTest
    @EnumSource(
            value = RedisProtocol.class,
            names = {"RESP2", "RESP3"})
    void shouldKeepBitsPlacesAndGuests(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol)) {
            jedis.setbit("bits", 7, true);
            assertEquals(1, jedis.bitcount("bits"));
            jedis.pfadd("guests", "x", "y", "x");
            assertEquals(2, jedis.pfcount("guests"));
            jedis.geoadd("places", 13.361389, 38.115556, "Palermo");
            jedis.geoadd("places", 15.087269, 37.502669, "Catania");
            assertEquals(166.2742, jedis.geodist("places", "Palermo", "Catania", GeoUnit.KM));
            var near = jedis.geosearch("places", "Catania", 200, GeoUnit.KM);
            assertEquals(2, near.size());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RedisProtocol.class,
            names = {"RESP2", "RESP3"})
    void shouldScanWhatIsLarge(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol)) {
            var fields = new HashMap<String, String>();
            for (int i = 0; i < 20_000; i++) fields.put("field" + i, "value" + i);
            jedis.hset("large", fields);
            assertEquals(fields, jedis.hgetAll("large"));
            assertEquals(fields.keySet(), jedis.hkeys("large"));
            var scanned = new HashMap<String, String>();
            String cursor = "0";
            do {
                var page = jedis.hscan("large", cursor, new ScanParams().count(1000));
                for (var field : page.getResult()) scanned.put(field.getKey(), field.getValue());
                cursor = page.getCursor();
            } while (!cursor.equals("0"));
            assertEquals(fields, scanned);
            jedis.sadd("names", fields.keySet().toArray(String[]::new));
            assertEquals(fields.keySet(), jedis.smembers("names"));
            assertEquals(20_000, new HashSet<>(jedis.srandmember("names", 30_000)).size());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RedisProtocol.class,
            names = {"RESP2", "RESP3"})
    void shouldRunTransactionsAndPipelines(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol);
                Jedis other = connect(protocol)) {
            jedis.set("account", "10");
            jedis.watch("account");
            try (Transaction transfer = jedis.multi()) {
                Response<Long> left = transfer.decrBy("account", 3);
                transfer.rpush("journal", "took 3");
                transfer.exec();
                assertEquals(7, left.get());
            }
            jedis.watch("account");
            other.incr("account");
            try (Transaction late = jedis.multi()) {
                late.set("account", "0");
                assertNull(late.exec());
            }
            assertEquals("8", jedis.get("account"));
            var answers = new ArrayList<Response<Long>>();
            try (Pipeline pipeline = jedis.pipelined()) {
                for (int i = 0; i < 1000; i++) answers.add(pipeline.zadd("many", i, "m" + i));
                pipeline.sync();
            }
            assertEquals(1000, answers.stream().mapToLong(Response::get).sum());
            assertEquals(1000, jedis.zcard("many"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RedisProtocol.class,
            names = {"RESP2", "RESP3"})
    void shouldWaitForWhatComes(RedisProtocol protocol) throws InterruptedException {
        BlockingQueue<Object> popped = new ArrayBlockingQueue<>(2);
        Thread waiting =
                Thread.ofVirtual()
                        .start(() -> {
                            try (Jedis jedis = connect(protocol)) {
                                popped.add(jedis.blpop(20, "first", "second"));
                                popped.add(jedis.bzpopmin(20, "scored"));
                            }
                        });
        try (Jedis jedis = connect(protocol)) {
            jedis.rpush("second", "here");
            assertEquals(List.of("second", "here"), popped.poll(20, TimeUnit.SECONDS));
            jedis.zadd("scored", 2, "two");
            assertTrue(popped.poll(20, TimeUnit.SECONDS).toString().contains("two"));
            assertNull(jedis.blpop(0.05, "never"));
        }
        waiting.join();
    }

    @ParameterizedTest
    @EnumSource(
            value = RedisProtocol.class,
            names = {"RESP2", "RESP3"})
    void shouldHearMessages(RedisProtocol protocol) throws InterruptedException {
        BlockingQueue<String> heard = new ArrayBlockingQueue<>(10);
        var ready = new CountDownLatch(2);
        var ears =
                new JedisPubSub() {
                    @Override
                    public void onSubscribe(String channel, int count) {
                        ready.countDown();
                    }

                    @Override
                    public void onPSubscribe(String pattern, int count) {
                        ready.countDown();
                    }

                    @Override
                    public void onMessage(String channel, String message) {
                        heard.add(channel + "=" + message);
                    }

                    @Override
                    public void onPMessage(String pattern, String channel, String message) {
                        heard.add(pattern + "/" + channel + "=" + message);
                    }
                };
        Thread listening =
                Thread.ofVirtual()
                        .start(() -> {
                            try (Jedis jedis = connect(protocol)) {
                                jedis.subscribe(ears, "news" + protocol);
                            }
                        });
        try (Jedis jedis = connect(protocol)) {
            while (ready.getCount() == 2) Thread.onSpinWait();
            ears.psubscribe("w?rld" + protocol);
            assertTrue(ready.await(20, TimeUnit.SECONDS));
            assertEquals(1, jedis.publish("news" + protocol, "goal"));
            assertEquals("news" + protocol + "=goal", heard.poll(20, TimeUnit.SECONDS));
            assertEquals(1, jedis.publish("world" + protocol, "hello"));
            String matched = "w?rld" + protocol + "/world" + protocol + "=hello";
            assertEquals(matched, heard.poll(20, TimeUnit.SECONDS));
            ears.unsubscribe();
            ears.punsubscribe();
            assertTrue(listening.join(Duration.ofSeconds(20)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RedisProtocol.class,
            names = {"RESP2", "RESP3"})
    void shouldReadStreamsInGroups(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol)) {
            for (int i = 1; i <= 10; i++)
                jedis.xadd("log", new StreamEntryID(1, i), Map.of("n", Integer.toString(i)));
            assertEquals(
                    "OK", jedis.xgroupCreate("log", "readers", new StreamEntryID("0-0"), false));
            List<StreamEntry> mine = read(jedis, "me", 4);
            List<StreamEntry> theirs = read(jedis, "you", 4);
            assertEquals(List.of("1", "2", "3", "4"), numbers(mine));
            assertEquals(List.of("5", "6", "7", "8"), numbers(theirs));
            assertEquals(1, jedis.xack("log", "readers", mine.getFirst().getID()));
            assertEquals(7, jedis.xpending("log", "readers").getTotal());
            var claimed =
                    jedis.xautoclaim(
                            "log",
                            "readers",
                            "me",
                            0,
                            new StreamEntryID("0-0"),
                            new XAutoClaimParams().count(100));
            assertEquals(7, claimed.getValue().size());
            assertEquals(10, jedis.xrange("log", "-", "+").size());
            assertEquals(10, jedis.xinfoStream("log").getLength());
            assertEquals("readers", jedis.xinfoGroups("log").getFirst().getName());
        }
    }

    private static List<StreamEntry> read(Jedis jedis, String consumer, int count) {
        return jedis.xreadGroup(
                        "readers",
                        consumer,
                        new XReadGroupParams().count(count),
                        Map.of("log", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY))
                .getFirst()
                .getValue();
    }

    private static List<String> numbers(List<StreamEntry> entries) {
        return entries.stream().map(entry -> entry.getFields().get("n")).toList();
    }

    @Test
    void shouldServeAPool() throws InterruptedException {
        try (var pool = redis.clients.jedis.RedisClient.create("127.0.0.1", server.port())) {
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 16; i++)
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    for (int j = 0; j < 100; j++) pool.incr("together");
                                }));
            for (Thread thread : threads) thread.join();
            assertEquals("1600", pool.get("together"));
        }
    }
}
