package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.redis.keyspace.Home;
import dev.holdfast.redis.rdb.OlderPayloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Takes values of all types and encodings from a real Redis to this server and back, by DUMP and
/// RESTORE, and compares all that both tell of them.
///
/// `-Dtransfer.seed=N` tells one story again.
class DumpRestoreTest {
    private static final int CALLS = 1_500;
    private static final int STORIES = 2;
    private static final int LONG_STORIES = 100;
    private static final long SEED = 20_261_121;

    @TempDir Path directory;

    @Test
    void shouldCarryEachEncodingThereAndBack() throws Exception {
        try (var pair = new Pair(Home.Kind.ENGINE)) {
            for (Map.Entry<String, List<List<String>>> sample : SampleValues.all().entrySet()) {
                for (List<String> call : sample.getValue()) pair.redis.call(call);
                pair.carry(sample.getKey());
            }
        }
    }

    @Test
    void shouldCarryEachOlderEncodingAsRedisReadsIt() throws Exception {
        try (var pair = new Pair(Home.Kind.FAKE)) {
            for (Map.Entry<String, String> older : OlderPayloads.all().entrySet())
                pair.restoreBoth(older.getKey(), older.getValue());
        }
    }

    @Test
    void shouldCarryWhatRandomCallsHaveMade() throws Exception {
        tell(STORIES, Long.getLong("transfer.seed", SEED));
    }

    @Test
    @Tag("long")
    void shouldCarryWhatManyRandomCallsHaveMade() throws Exception {
        tell(LONG_STORIES, Long.getLong("transfer.seed", System.nanoTime() / 1000));
    }

    @Test
    void shouldRefuseAsRedisDoes() throws Exception {
        try (var pair = new Pair(Home.Kind.FAKE)) {
            pair.both("SET", "k", "value");
            String payload = pair.redis.call("DUMP", "k").text();
            String damaged = payload.replace('v', 'w');
            List<List<String>> calls = new ArrayList<>();
            for (String given : List.of(payload, damaged, "", "short", payload + "x")) {
                calls.add(List.of("RESTORE", "new", "0", given));
                calls.add(List.of("RESTORE", "k", "0", given));
                calls.add(List.of("RESTORE", "k", "x", given));
                calls.add(List.of("RESTORE", "k", "-1", given, "REPLACE"));
                calls.add(List.of("RESTORE", "k", "x", given, "replace"));
                calls.add(List.of("RESTORE", "k", "1000000", given, "replace", "IDLETIME", "5"));
                calls.add(List.of("RESTORE", "k", "1", given, "ABSTTL", "REPLACE"));
                calls.add(List.of("EXISTS", "k"));
                calls.add(List.of("RESTORE", "k", "0", given, "FREQ", "255"));
                calls.add(List.of("RESTORE", "k", "0", given, "FREQ", "256"));
                calls.add(List.of("RESTORE", "k", "0", given, "FREQ", "x"));
                calls.add(List.of("RESTORE", "k", "0", given, "IDLETIME", "-1"));
                calls.add(List.of("RESTORE", "k", "0", given, "IDLETIME", "1", "FREQ", "1"));
                calls.add(List.of("RESTORE", "k", "0", given, "IDLETIME"));
                calls.add(List.of("RESTORE", "k", "0", given, "NX"));
                calls.add(List.of("RESTORE", "k", "9223372036854775807", given, "REPLACE"));
                calls.add(List.of("DEL", "k", "new"));
                calls.add(List.of("SET", "k", "value"));
            }
            calls.add(List.of("DUMP", "missing"));
            calls.add(List.of("DUMP"));
            for (List<String> call : calls)
                assertEquals(pair.redis.call(call), pair.holdfast.call(call), Story.shown(call));
        }
    }

    @Test
    void shouldRefuseContradictionsWithoutATrace() throws Exception {
        try (var pair = new Pair(Home.Kind.FAKE)) {
            for (Map.Entry<String, String> wrong : OlderPayloads.contradictions().entrySet()) {
                List<String> call = List.of("RESTORE", wrong.getKey(), "0", wrong.getValue());
                assertEquals(
                        "ERR Bad data format", pair.holdfast.call(call).text(), wrong.getKey());
                assertEquals("0", pair.holdfast.call("EXISTS", wrong.getKey()).text());
            }
            assertEquals("0", pair.holdfast.call("DBSIZE").text());
        }
    }

    @Test
    void shouldTakeTheEncodingsOfLaterVersions() throws Exception {
        try (var pair = new Pair(Home.Kind.FAKE)) {
            for (Map.Entry<String, String> newer : OlderPayloads.newer().entrySet())
                pair.holdfast.call("RESTORE", newer.getKey(), "0", newer.getValue());
            pair.redis.call("SADD", "set listpack", "a", "7", "bc");
            pair.redis.call("RESTORE", "stream 3", "0", OlderPayloads.all().get("stream 2"));
            for (String key : OlderPayloads.newer().keySet())
                assertEquals(
                        StoredValue.of(pair.redis, key), StoredValue.of(pair.holdfast, key), key);
        }
    }

    private void tell(int stories, long first) throws Exception {
        try (var pair = new Pair(Home.Kind.ENGINE)) {
            for (long seed = first; seed < first + stories; seed++) {
                pair.both("FLUSHALL");
                var dice = new Dice(seed);
                List<Family> families =
                        List.of(
                                new StringFamily(),
                                new ListFamily(),
                                new SetFamily(),
                                new ZsetFamily(),
                                new HashFamily(),
                                new StreamFamily());
                for (int i = 0; i < CALLS; i++)
                    pair.redis.call(families.get(dice.below(families.size())).next(dice));
                pair.redis.call("SELECT", "0");
                for (RespValue key : pair.redis.call("KEYS", "*").parts())
                    pair.carry(key.text(), "-Dtransfer.seed=" + seed);
            }
        }
    }

    /// Both servers.
    private final class Pair implements AutoCloseable {
        private final RedisProcess process;
        private final Holdfast server;
        private final RespClient redis;
        private final RespClient holdfast;

        Pair(Home.Kind kind) throws Exception {
            process = RedisProcess.start(directory);
            server = Holdfast.start(kind);
            redis = new RespClient(process.port());
            holdfast = new RespClient(server.port());
        }

        void both(String... call) throws IOException {
            redis.call(call);
            holdfast.call(call);
        }

        void carry(String key) throws IOException {
            carry(key, "");
        }

        /// From Redis to Redis and here, and from here to Redis: all that comes of it is alike.
        void carry(String key, String how) throws IOException {
            StoredValue original = StoredValue.of(redis, key);
            String expiry = original.told().get(1).text();
            String millis = expiry.equals("-1") ? "0" : expiry;
            String payload = redis.call("DUMP", key).text();
            String copy = "copy of " + key;
            for (RespClient each : List.of(redis, holdfast)) {
                RespValue reply = each.call("RESTORE", copy, millis, payload, "ABSTTL");
                assertEquals("OK", reply.text(), key + how);
            }
            StoredValue expected = StoredValue.of(redis, copy);
            assertEquals(original.told(), expected.told(), key + how);
            assertEquals(expected, StoredValue.of(holdfast, copy), key + how);
            String back = holdfast.call("DUMP", copy).text();
            RespValue reply = redis.call("RESTORE", copy, millis, back, "ABSTTL", "REPLACE");
            assertEquals("OK", reply.text(), key + how);
            assertEquals(expected, StoredValue.of(redis, copy), key + how);
            both("DEL", key, copy);
        }

        void restoreBoth(String key, String payload) throws IOException {
            RespValue expected = redis.call("RESTORE", key, "0", payload);
            assertEquals("OK", expected.text(), key);
            assertEquals(expected, holdfast.call("RESTORE", key, "0", payload), key);
            assertNotEquals("none", redis.call("TYPE", key).text());
            assertEquals(StoredValue.of(redis, key), StoredValue.of(holdfast, key), key);
        }

        @Override
        public void close() throws IOException {
            redis.close();
            holdfast.close();
            server.close();
            process.close();
        }
    }
}
