package dev.holdfast.redis.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.redis.RedisCompaction;
import dev.holdfast.redis.keyspace.CommandLine;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.RowKeys;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What a compaction leaves of collections that were removed or replaced.
class DeadRowsTest {
    private static final Settings UNTENDED = Settings.defaults().but().untended().build();
    private static final int MEMBERS = 300;

    private final ObjectStore store = ObjectStores.open("memory:", Env.system());

    @Test
    void shouldLeaveNothingWhenACollectionWasRemoved() throws Exception {
        write(DeadRowsTest::addMembers);
        write(calls -> assertEquals(":1\r\n", calls.call("DEL set")));
        assertTrue(MEMBERS < dataAndMetaRows());
        // when
        compact();
        // then
        assertEquals(0, dataAndMetaRows());
        write(calls -> assertEquals(":0\r\n", calls.call("EXISTS set")));
    }

    @Test
    void shouldKeepWhatIsThereWhenACollectionWasMadeAnew() throws Exception {
        write(DeadRowsTest::addMembers);
        write(calls -> {
            calls.call("DEL set");
            calls.call("SADD set one two");
            calls.call("HSET hash field value");
        });
        // when
        compact();
        // then
        assertEquals(5, dataAndMetaRows());
        write(calls -> {
            assertEquals(":2\r\n", calls.call("SCARD set"));
            assertEquals(":1\r\n", calls.call("SISMEMBER set two"));
            assertEquals(":0\r\n", calls.call("SISMEMBER set m1"));
            assertEquals("$5\r\nvalue\r\n", calls.call("HGET hash field"));
        });
    }

    @Test
    void shouldKeepAllRowsWhenNothingWasRemoved() throws Exception {
        write(DeadRowsTest::addMembers);
        write(calls -> calls.call("SADD set more"));
        // when
        compact();
        // then
        assertEquals(MEMBERS + 2, dataAndMetaRows());
        write(calls -> assertEquals(":" + (MEMBERS + 1) + "\r\n", calls.call("SCARD set")));
    }

    private static void addMembers(CommandLine calls) {
        for (int i = 0; i < MEMBERS; i++) calls.call("SADD set m" + i);
    }

    private EngineBuilder builder() {
        return Engine.builder(store, "db");
    }

    private void write(Consumer<CommandLine> story) {
        try (HoldfastDb db = builder().settings(UNTENDED).open()) {
            story.accept(new CommandLine(Keyspaces.open((Db) db, Env.system())));
            db.flushMemtables();
        }
    }

    private long dataAndMetaRows() {
        try (HoldfastDb db = builder().settings(UNTENDED).open()) {
            return count(db);
        }
    }

    private static long count(Reads reads) {
        long rows = 0;
        try (Scan scan = reads.scan(KeyRange.all())) {
            while (scan.next()) if (isOfOneKey(scan.key())) rows++;
        }
        return rows;
    }

    private static boolean isOfOneKey(Bytes key) {
        return RowKeys.isOfOneKey(key);
    }

    private void compact() throws InterruptedException {
        CompactionSettings all =
                CompactionSettings.defaults().withStyle(CompactionSettings.Style.EVERYTHING);
        EngineBuilder compacting =
                builder()
                        .settings(UNTENDED.but().compaction(all).build())
                        .compactionFilter(RedisCompaction.deadRows());
        try (StandaloneCompactor compactor = compacting.compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(30));
        }
    }
}
