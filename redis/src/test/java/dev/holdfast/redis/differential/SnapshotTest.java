package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.redis.keyspace.Home;
import dev.holdfast.redis.migrate.Exporter;
import dev.holdfast.redis.migrate.ImportPlan;
import dev.holdfast.redis.migrate.ImportReport;
import dev.holdfast.redis.migrate.Importer;
import dev.holdfast.redis.rdb.RdbReader;
import dev.holdfast.redis.rdb.RdbRecord;
import dev.holdfast.redis.rdb.RdbType;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Takes a snapshot that a real Redis has saved, brings it in, writes it again, and has another
/// Redis load it: all that the servers tell of each value is alike.
class SnapshotTest {
    private static final ImportPlan PLAN =
            new ImportPlan(ImportPlan.Existing.REFUSED, ImportPlan.Unfinished.RESUMED);

    private static final String LIBRARY =
            "#!lua name=shop\nredis.register_function('price', function(keys, args) return"
                    + " redis.call('incrby', keys[1], args[1]) end)";

    @TempDir Path source;
    @TempDir Path target;

    @Test
    void shouldCarryWholeSnapshotsThereAndBack() throws Exception {
        Map<String, StoredValue> saved = save(List.of());
        Home home = Home.Kind.ENGINE.build();
        bringIn(home, saved.size());
        export(home);
        try (Holdfast server = Holdfast.start(home);
                RespClient holdfast = new RespClient(server.port())) {
            assertEquals(saved, valuesOf(holdfast, saved));
            assertEquals("7", holdfast.call("FCALL", "PRICE", "1", "new", "7").text());
        }
        assertLoaded(saved);
    }

    @Test
    void shouldReadSnapshotsWithoutCompression() throws Exception {
        Map<String, StoredValue> saved = save(List.of("rdbcompression", "no"));
        try (Home home = Home.Kind.FAKE.build()) {
            bringIn(home, saved.size());
            export(home);
        }
        assertLoaded(saved);
    }

    /// How long a value was not used, or how often it was, stands before it in such snapshots.
    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu"})
    void shouldReadSnapshotsThatTellHowValuesWereUsed(String policy) throws Exception {
        Map<String, StoredValue> saved = save(List.of("maxmemory-policy", policy));
        try (Home home = Home.Kind.FAKE.build()) {
            bringIn(home, saved.size());
            export(home);
        }
        assertLoaded(saved);
    }

    /// All that Redis 7.0 writes is among the samples, or newly encoded nodes of a list would be
    /// read for the first time at a user's.
    @Test
    void shouldMeetEveryEncodingThatRedisWrites() throws Exception {
        save(List.of());
        var met = EnumSet.noneOf(RdbType.class);
        try (InputStream in = Files.newInputStream(source.resolve("dump.rdb"))) {
            RdbReader reader = RdbReader.open(in);
            for (RdbRecord next = reader.next(); next != null; next = reader.next())
                if (next instanceof RdbRecord.Key key) met.add(key.type());
        }
        assertEquals(
                EnumSet.of(
                        RdbType.STRING,
                        RdbType.SET,
                        RdbType.HASH,
                        RdbType.ZSET_2,
                        RdbType.SET_INTSET,
                        RdbType.HASH_LISTPACK,
                        RdbType.ZSET_LISTPACK,
                        RdbType.LIST_QUICKLIST_2,
                        RdbType.STREAM_LISTPACKS_2),
                met);
    }

    // After a reload, so that encodings are those that Redis chooses when it loads.
    private Map<String, StoredValue> save(List<String> parameter) throws Exception {
        List<String> debug = List.of("--enable-debug-command", "yes");
        try (RedisProcess process = RedisProcess.start(source, debug);
                RespClient redis = new RespClient(process.port())) {
            if (!parameter.isEmpty())
                redis.call("CONFIG", "SET", parameter.getFirst(), parameter.getLast());
            // What is large is kept in nodes of its own, as if it were larger than a gibibyte.
            redis.call("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "200000");
            int made = 0;
            for (List<List<String>> calls : SampleValues.all().values()) {
                redis.call("SELECT", made++ % 2 == 0 ? "0" : "5");
                for (List<String> call : calls) redis.call(call);
            }
            redis.call("FUNCTION", "LOAD", LIBRARY);
            redis.call("SAVE");
        }
        try (RedisProcess process = RedisProcess.start(source);
                RespClient redis = new RespClient(process.port())) {
            Map<String, StoredValue> values = new TreeMap<>();
            for (String database : List.of("0", "5")) {
                redis.call("SELECT", database);
                for (RespValue key : redis.call("KEYS", "*").parts())
                    values.put(database + " " + key.text(), StoredValue.of(redis, key.text()));
            }
            return values;
        }
    }

    private void bringIn(Home home, int keys) throws Exception {
        try (InputStream in = Files.newInputStream(source.resolve("dump.rdb"))) {
            ImportReport report = new Importer(home.db(), Env.system(), PLAN, _ -> {}).snapshot(in);
            assertTrue(report.isComplete(), report.toString());
            assertEquals(keys, report.counts().keys());
            assertEquals(new ImportReport.Libraries(1, 0), report.counts().libraries());
        }
    }

    private void export(Home home) throws Exception {
        try (OutputStream out = Files.newOutputStream(target.resolve("dump.rdb"))) {
            new Exporter(home.db(), Env.system(), _ -> {}).write(out);
        }
    }

    private void assertLoaded(Map<String, StoredValue> saved) throws Exception {
        try (RedisProcess process = RedisProcess.start(target);
                RespClient redis = new RespClient(process.port())) {
            assertEquals(saved, valuesOf(redis, saved));
            assertEquals("7", redis.call("FCALL", "price", "1", "new", "7").text());
        }
    }

    private static Map<String, StoredValue> valuesOf(
            RespClient client, Map<String, StoredValue> keys) throws Exception {
        Map<String, StoredValue> values = new TreeMap<>();
        for (String place : keys.keySet()) {
            int blank = place.indexOf(' ');
            client.call("SELECT", place.substring(0, blank));
            String key = place.substring(blank + 1);
            values.put(place, StoredValue.of(client, key));
        }
        return values;
    }
}
