package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.HoldfastReader;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.system.process.SlateDb;
import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Readers of databases that the real SlateDB 0.12.1 has written, or writes meanwhile.
@Timeout(240)
class ReaderInteropTest {
    private static final Path GOLDEN =
            House.ROOT.resolve("format/src/test/resources/slatedb-0.12.1");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ReaderSettings LATEST =
            ReaderSettings.latest().withPolls(Duration.ofMillis(50), Duration.ofMillis(500));

    @TempDir Path folder;

    private static HoldfastReader read(Path database, ReaderSettings settings) {
        return Engine.builder(ObjectStores.open(Databases.url(database), Env.system()), "")
                .mergeOperator(Databases.CONCATENATE)
                .openReader(settings);
    }

    @Test
    void shouldReadTheGoldenDatabaseInEveryMode() throws IOException {
        Path copy = Databases.copy(GOLDEN.resolve("basic"), folder.resolve("db"));
        TreeMap<Bytes, Bytes> expected;
        try (HoldfastReader reader = read(GOLDEN.resolve("basic"), LATEST)) {
            expected = Databases.rows(reader);
            assertEquals(Bytes.utf8("op1op2"), reader.get(Bytes.utf8("m")));
            assertEquals(Bytes.utf8("flush"), reader.get(Bytes.utf8("after")));
        }
        try (HoldfastReader reader = read(copy, ReaderSettings.heldCheckpoint(SOON))) {
            assertEquals(expected, Databases.rows(reader));
            var checkpoint = reader.status().checkpoint();
            assertNotNull(checkpoint);
            try (HoldfastReader there = read(copy, ReaderSettings.atCheckpoint(checkpoint))) {
                assertEquals(expected, Databases.rows(there));
            }
            // SlateDB reads on beside our checkpoint
            try (SlateDb other = SlateDb.open(copy, Map.of())) {
                TreeMap<Bytes, Bytes> there = other.scan();
                there.remove(Bytes.utf8("banana")); // expired, which a scan there does not look at
                assertEquals(expected, there);
            }
        }
        try (HoldfastDb db = Databases.open(copy, Settings.defaults())) {
            assertEquals(expected, Databases.rows(db));
        }
    }

    @Test
    void shouldFollowSlateDbAsItWritesFlushesMergesAndCompacts()
            throws IOException, InterruptedException {
        long seed = Long.getLong("interop.seed", System.nanoTime());
        var story = new Story(seed);
        Path database = folder.resolve("db");
        Map<String, Object> eager =
                Map.of("compactor_options.poll_interval", "50ms", "flush_interval", "10ms");
        try (SlateDb writer = SlateDb.openWithDefaults(database, eager)) {
            story.tell(writer, 10);
            writer.flush();
            try (HoldfastReader reader = read(database, LATEST)) {
                for (int round = 0; round < 30; round++) {
                    long last = story.tell(writer, 1 + story.draw(20));
                    if (story.draw(3) == 0) writer.flushMemtable();
                    else writer.flush();
                    reader.awaitSeq(last, SOON);
                    String where = "interop.seed=" + seed + " round=" + round;
                    assertEquals(story.model(), rows(reader), where);
                    assertEquals(0, reader.status().failedLooks(), where);
                    for (Bytes key : story.someKeys())
                        assertEquals(story.model().get(key), reader.get(key), where);
                }
            }
        }
    }

    private static TreeMap<Bytes, Bytes> rows(HoldfastReader reader) {
        while (true) {
            try {
                return Databases.rows(reader);
            } catch (Conflict collected) {
                // a later moment is there
            }
        }
    }
}
