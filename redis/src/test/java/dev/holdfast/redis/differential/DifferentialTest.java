package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.keyspace.CommandLine;
import dev.holdfast.redis.keyspace.Home;
import dev.holdfast.redis.keyspace.Keyspaces;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Has a real Redis answer the same random calls, and compares every reply byte for byte.
class DifferentialTest {
    private static final int CALLS = 3_000;
    private static final Set<String> TIMES = Set.of("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME");
    private static final Set<String> UNORDERED = Set.of("KEYS", "SCAN");
    private static final long CLOCK_SKEW_MILLIS = 5_000;

    @TempDir Path directory;

    @Test
    void shouldAnswerAsRedisDoesWhenCalledAtRandom() throws Exception {
        try (RedisProcess redis = RedisProcess.start(directory)) {
            for (long seed : seeds(1).toArray()) compare(redis, seed, Home.Kind.FAKE);
            for (long seed : seeds(1).toArray()) compare(redis, seed, Home.Kind.ENGINE);
        }
    }

    @Test
    @Tag("long")
    void shouldAnswerAsRedisDoesWhenCalledAtRandomForLong() throws Exception {
        try (RedisProcess redis = RedisProcess.start(directory)) {
            for (long seed : seeds(100).toArray()) compare(redis, seed, Home.Kind.ENGINE);
        }
    }

    private static LongStream seeds(int count) {
        Long given = Long.getLong("differential.seed");
        long first = System.nanoTime() / 1000;
        return given != null ? LongStream.of(given) : LongStream.range(first, first + count);
    }

    private static void compare(RedisProcess redis, long seed, Home.Kind kind) throws Exception {
        try (Home home = kind.build()) {
            compare(redis, seed, new CommandLine(Keyspaces.open(home.db(), Env.system())));
        }
    }

    private static void compare(RedisProcess redis, long seed, CommandLine holdfast)
            throws Exception {
        redis.call(words("FLUSHALL"));
        redis.call(words("SELECT", "0"));
        var calls = new RandomCalls(seed);
        for (int i = 0; i < CALLS; i++) {
            List<Bytes> call = calls.next();
            String name = call.get(0).toUtf8().toUpperCase(Locale.ROOT);
            String told = "seed=" + seed + " call " + i + ": " + call;
            boolean isPush = name.equals("LPUSH") && call.size() == 2;
            if (isPush) call = List.of(call.get(0), call.get(1), Bytes.utf8("element"));
            if (isPush) redis.call(List.of(Bytes.utf8("DEL"), call.get(1)));
            String expected = text(redis.call(call));
            String actual = text(holdfast.callWords(call));
            if (UNORDERED.contains(name)) {
                expected = sorted(expected);
                actual = sorted(actual);
            }
            if (TIMES.contains(name) && isAlmost(name, expected, actual)) continue;
            assertEquals(expected, actual, told);
        }
    }

    private static String text(Bytes reply) {
        return new String(reply.toArray(), StandardCharsets.ISO_8859_1);
    }

    private static String sorted(String reply) {
        List<String> lines = new ArrayList<>(Arrays.asList(reply.split("\r\n", -1)));
        lines.sort(null);
        return String.join("\r\n", lines);
    }

    // The two take their time at different moments.
    private static boolean isAlmost(String name, String expected, String actual) {
        if (!expected.startsWith(":") || !actual.startsWith(":")) return false;
        long one = Long.parseLong(expected.substring(1).strip());
        long other = Long.parseLong(actual.substring(1).strip());
        long unit = name.startsWith("P") ? 1 : 1000;
        return 0 < one && Math.abs(one - other) * unit <= CLOCK_SKEW_MILLIS;
    }

    private static List<Bytes> words(String... words) {
        return Arrays.stream(words).map(Bytes::utf8).toList();
    }
}
