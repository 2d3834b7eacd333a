package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a flight recorder is told, by name and with which values, and what operators can count.
@Timeout(60)
class FlightRecorderTest {
    private static final String NAME = "dev.holdfast.";

    @TempDir private Path folder;
    private final MemoryStore store = new MemoryStore();

    private interface Doing {
        void run() throws Exception;
    }

    private List<RecordedEvent> recorded(String name, Doing doing) throws Exception {
        Path file = folder.resolve("recorded.jfr");
        try (var recording = new Recording()) {
            recording.enable(NAME + name);
            recording.start();
            doing.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(NAME + name))
                .toList();
    }

    private HoldfastDb open(Settings settings) {
        return Engine.builder(store, "db").settings(settings).open();
    }

    private static Settings quiet() {
        return Settings.defaults().but().compaction(CompactionSettings.off()).build();
    }

    private static void put(HoldfastDb db, String key, Durability durability) {
        db.write(new WriteBatch().put(Bytes.utf8(key), Bytes.utf8("value")), durability);
    }

    @Test
    void shouldTellOfEachLogObject() throws Exception {
        try (HoldfastDb db = open(quiet())) {
            // when
            List<RecordedEvent> events = recorded("LogPut", () -> put(db, "a", Durability.REMOTE));
            // then
            assertEquals(1, events.size());
            RecordedEvent put = events.getFirst();
            assertEquals("db/wal/00000000000000000002.sst", put.getString("object"));
            assertEquals("OURS", put.getString("outcome"));
            assertEquals(db.stats().walBytes(), put.getLong("bytes"));
        }
    }

    @Test
    void shouldTellOfAFlush() throws Exception {
        try (HoldfastDb db = open(quiet())) {
            put(db, "a", Durability.MEMORY);
            put(db, "b", Durability.MEMORY);
            // when
            List<RecordedEvent> events = recorded("Flush", db::flushMemtables);
            // then
            assertEquals(1, events.size());
            RecordedEvent flush = events.getFirst();
            assertEquals("db", flush.getString("database"));
            assertEquals(2, flush.getLong("lastSeq"));
            assertEquals(1, flush.getInt("attempts"));
            assertTrue(store.head("db/compacted/" + flush.getString("table") + ".sst") != null);
            assertEquals(db.stats().sstBytes(), flush.getLong("tableBytes"));
            assertEquals(
                    new DbStats.Flushes(1, db.stats().sstBytes(), 0, DbStats.Waits.NONE),
                    db.stats().flushes());
        }
    }

    private void fillTwoTables() {
        try (HoldfastDb db = open(quiet())) {
            put(db, "a", Durability.MEMORY);
            put(db, "b", Durability.MEMORY);
            db.flushMemtables();
            put(db, "a", Durability.MEMORY);
            db.flushMemtables();
        }
    }

    private void compactAll() throws InterruptedException {
        var all = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings settings = Settings.defaults().but().compaction(all).build();
        try (var compactor = Engine.compactor(store, "db", settings)) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(30));
        }
    }

    @Test
    void shouldTellOfACompaction() throws Exception {
        // given
        fillTwoTables();
        // when
        List<RecordedEvent> events = recorded("Compaction", this::compactAll);
        // then
        assertEquals(1, events.size());
        RecordedEvent compaction = events.getFirst();
        assertEquals("db", compaction.getString("database"));
        assertEquals("published", compaction.getString("outcome"));
        assertEquals(2, compaction.getInt("l0Tables"));
        assertEquals("[]", compaction.getString("sourceRuns"));
        assertEquals(0, compaction.getLong("destination"));
        assertEquals(3, compaction.getLong("rowsRead"));
        assertEquals(1, compaction.getInt("tablesWritten"));
        assertTrue(compaction.getLong("bytesWritten") < compaction.getLong("bytesRead"));
    }

    @Test
    void shouldTellOfThePartsOfACompaction() throws Exception {
        // given
        fillTwoTables();
        // when
        List<RecordedEvent> events = recorded("CompactionPart", this::compactAll);
        // then
        long rows = events.stream().mapToLong(event -> event.getLong("rowsRead")).sum();
        long tables = events.stream().mapToLong(event -> event.getInt("tablesWritten")).sum();
        assertEquals(List.of(3L, 1L), List.of(rows, tables));
        for (RecordedEvent part : events) assertEquals("done", part.getString("outcome"));
    }

    @Test
    void shouldTellOfACollection() throws Exception {
        // given
        fillTwoTables();
        var rules = new CollectionRules(Duration.ofMillis(1), CollectionRules.Sweep.DRY_RUN);
        // when
        List<RecordedEvent> events =
                recorded("Collection", () -> Engine.collect(store, "db", rules));
        // then
        assertEquals(1, events.size());
        assertEquals("db", events.getFirst().getString("database"));
        assertEquals("DRY_RUN", events.getFirst().getString("outcome"));
        assertTrue(0 <= events.getFirst().getLong("manifests"));
    }

    @Test
    void shouldTellWhoStalls() throws Exception {
        // given
        Settings narrow =
                quiet().but()
                        .unflushedMax(ByteSize.mebibytes(1))
                        .l0SstSize(ByteSize.mebibytes(1))
                        .build();
        try (HoldfastDb db = open(narrow)) {
            var value = Bytes.wrap(new byte[64 << 10]);
            // when
            List<RecordedEvent> events =
                    recorded(
                            "WriteStall",
                            () -> {
                                for (int i = 0; i < 64; i++)
                                    db.write(
                                            new WriteBatch().put(Bytes.utf8("k" + i), value),
                                            Durability.MEMORY);
                            });
            // then
            DbStats.Waits stalls = db.stats().stalls().ownLimit();
            assertTrue(0 < stalls.count() && 0 < stalls.nanos(), stalls.toString());
            List<RecordedEvent> stopped =
                    events.stream()
                            .filter(event -> event.getString("reason").equals("OWN_LIMIT"))
                            .toList();
            assertEquals(stalls.count(), stopped.size());
            assertEquals(db.stats().stalls().slowed().count(), events.size() - stopped.size());
            assertEquals("db", stopped.getFirst().getString("database"));
            assertTrue(64 << 10 <= stopped.getFirst().getLong("batchBytes"));
        }
    }

    @Test
    void shouldTellOfALostRace() throws Exception {
        // given
        Env env = Env.system();
        var manifests = new ManifestStore(store, "db", env);
        var patience =
                new ManifestStore.Patience(
                        Deadline.after(env, Duration.ofSeconds(10)), Token.standalone(env));
        manifests.create(patience);
        assertEquals(0, manifests.conflicts());
        // when
        List<RecordedEvent> events = recorded("Conflict", () -> manifests.create(patience));
        // then
        assertEquals(1, events.size());
        assertEquals(
                "db/manifest/00000000000000000001.manifest", events.getFirst().getString("object"));
        assertEquals(1, manifests.conflicts());
    }

    @Test
    void shouldTellWhoWasFenced() throws Exception {
        // given
        HoldfastDb old = open(quiet());
        try (HoldfastDb _ = open(quiet())) {
            // when
            List<RecordedEvent> events =
                    recorded(
                            "Fenced",
                            () ->
                                    assertThrows(
                                            Closed.class, () -> put(old, "a", Durability.REMOTE)));
            // then
            assertEquals(1, events.size());
            assertEquals("writer", events.getFirst().getString("who"));
            assertEquals("db", events.getFirst().getString("database"));
            assertTrue(events.getFirst().getString("how").startsWith("fenced by a newer writer"));
        }
        assertThrows(RuntimeException.class, () -> put(old, "b", Durability.REMOTE));
        old.scope().stop(dev.holdfast.lifecycle.Mode.IMMEDIATE, Duration.ofSeconds(5), "over");
    }

    @Test
    void shouldTellOfThePhasesOfAStop() throws Exception {
        // given
        HoldfastDb db = open(quiet());
        put(db, "a", Durability.MEMORY);
        // when
        List<RecordedEvent> events = recorded("StopPhase", db::close);
        // then
        List<String> phases = events.stream().map(event -> event.getString("phase")).toList();
        assertTrue(
                phases.containsAll(List.of("REJECT", "DRAIN", "PERSIST", "RELEASE")), "" + phases);
        for (RecordedEvent phase : events) {
            assertEquals("db db", phase.getString("scope"));
            assertEquals("SMART", phase.getString("mode"));
            assertEquals("", phase.getString("notDone"));
            assertTrue(0 < phase.getInt("components"));
        }
    }

    /// The page that operators read names every event, and no other.
    @Test
    void shouldBeOnThePage() throws IOException {
        fillTwoTables();
        String page = java.nio.file.Files.readString(Path.of("../docs/operating/monitor.md"));
        for (var type : FlightRecorder.getFlightRecorder().getEventTypes())
            if (type.getName().startsWith(NAME))
                assertTrue(page.contains("| `" + type.getName() + "` |"), type.getName());
    }
}
