package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Many threads on few keys.
class ConcurrencyTest {
    private static final int THREADS = 16;
    private static final int ROUNDS = 300;

    private final TestEnv env = new TestEnv(1);
    private Home home;
    private Keyspaces keyspaces;

    @ParameterizedTest
    @EnumSource(Home.Kind.class)
    void shouldCountEveryIncrementWhenManyThreadsIncrement(Home.Kind kind) throws Exception {
        // given
        open(kind);
        // when
        inParallel(calls -> repeat(() -> calls.call("INCR counter")));
        // then
        assertEquals("$4\r\n" + THREADS * ROUNDS + "\r\n", calls().call("GET counter"));
    }

    @ParameterizedTest
    @EnumSource(Home.Kind.class)
    void shouldLetOneThreadWinWhenManySetAKeyThatMustBeNew(Home.Kind kind) throws Exception {
        open(kind);
        for (int round = 0; round < ROUNDS / 10; round++) {
            String key = "lock" + round;
            var won = new AtomicInteger();
            inParallel(calls -> {
                if (calls.call("SET " + key + " me NX").equals("+OK\r\n")) won.incrementAndGet();
                return 0;
            });
            assertEquals(1, won.get());
        }
    }

    @ParameterizedTest
    @EnumSource(Home.Kind.class)
    void shouldKeepTheSumWhenThreadsMoveAmountsBetweenKeys(Home.Kind kind) throws Exception {
        // given
        open(kind);
        calls().call("MSET a 5000 b 5000");
        // when
        inParallel(calls ->
                repeat(() ->
                        keyspaces.execute(
                                0,
                                keyspace -> {
                                    add(keyspace, "a", -1);
                                    return add(keyspace, "b", 1);
                                })));
        // then
        long moved = (long) THREADS * ROUNDS;
        assertEquals("*2\r\n" + bulk(5000 - moved) + bulk(5000 + moved), calls().call("MGET a b"));
    }

    @ParameterizedTest
    @EnumSource(Home.Kind.class)
    void shouldCountKeysExactlyWhenThreadsCreateDeleteAndFlush(Home.Kind kind) throws Exception {
        // given
        open(kind);
        // when
        var seeds = new AtomicInteger();
        inParallel(calls -> {
            var random = new Random(seeds.incrementAndGet());
            return repeat(() -> {
                String key = "k" + random.nextInt(40);
                switch (random.nextInt(20)) {
                    case 0 -> calls.call("FLUSHDB");
                    case 1 -> calls.call("SWAPDB 0 1");
                    case 2, 3, 4, 5, 6 -> calls.call("DEL " + key);
                    case 7, 8 -> calls.call("RENAME " + key + " k1");
                    case 9 -> calls.call("MOVE " + key + " 1");
                    default -> calls.call("SET " + key + " v EX 100");
                }
                return 0;
            });
        });
        // then
        for (int database : new int[] {0, 1}) {
            List<FoundKey> found = new ArrayList<>();
            keyspaces.execute(database, keyspace -> keyspace.scan(0, 1_000, found::add));
            long expiring = found.stream().filter(each -> each.meta().expires()).count();
            assertEquals(new KeyCount(found.size(), expiring), keyspaces.keyCount(database));
        }
    }

    private void open(Home.Kind kind) {
        home = kind.build();
        keyspaces = Keyspaces.open(home.db(), env);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static int add(Keyspace keyspace, String name, long amount) {
        RedisString string = keyspace.stringAt(CommandLine.word(name));
        long sum = Long.parseLong(string.read().toUtf8()) + amount;
        string.set(CommandLine.word(Long.toString(sum)), StringForm.PLAIN, Meta.NO_EXPIRY);
        return 0;
    }

    private static String bulk(long value) {
        String text = Long.toString(value);
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private CommandLine calls() {
        return new CommandLine(keyspaces);
    }

    private static int repeat(Callable<?> body) throws Exception {
        for (int i = 0; i < ROUNDS; i++) body.call();
        return 0;
    }

    private interface Body {
        int run(CommandLine calls) throws Exception;
    }

    private void inParallel(Body body) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) running.add(threads.submit(() -> body.run(calls())));
            for (Future<?> each : running) each.get(60, TimeUnit.SECONDS);
        }
    }
}
