package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.system.process.SlateDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The real SlateDB 0.12.1 opens a database that took rows past its log, and goes on with it.
@Timeout(240)
class IngestInteropTest {
    private static final Db.Ingest.Options SMALL =
            Db.Ingest.Options.defaults().withTableSize(ByteSize.kibibytes(16));

    @TempDir Path folder;
    private final TreeMap<Bytes, Bytes> model = new TreeMap<>();

    private static Settings settings(Compression compression) {
        return Settings.defaults()
                .but()
                .untended()
                .compaction(CompactionSettings.off())
                .compression(compression)
                .build();
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key%06d".formatted(number));
    }

    private void put(Db db, int from, int to, String value) {
        for (int i = from; i < to; i++) {
            db.put(key(i), Bytes.utf8(value + i));
            model.put(key(i), Bytes.utf8(value + i));
        }
    }

    private Db.Ingest.Done ingest(Db db, int from, int to, String value) {
        try (Db.Ingest ingest = db.ingest(SMALL)) {
            for (int i = from; i < to; i++) {
                ingest.put(key(i), Bytes.utf8(value + i));
                model.put(key(i), Bytes.utf8(value + i));
            }
            return ingest.commit();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "ZSTD"})
    void shouldBeOpenedAndWrittenByBothInTurns(Compression compression) throws Exception {
        // given
        Path database = Files.createDirectories(folder.resolve("db"));
        try (HoldfastDb db = Databases.open(database, settings(compression))) {
            put(db, 0, 10, "before ");
            assertTrue(1 < ingest(db, 5, 3000, "ingested ").tables());
            put(db, 100, 110, "after ");
        }
        // when
        try (SlateDb db = SlateDb.open(database, Map.of())) {
            assertEquals(model, db.scan());
            assertEquals(List.of(Bytes.utf8("ingested 2000")), db.get(List.of(key(2000))));
            db.write(List.of(SlateDb.Row.put(key(2000), Bytes.utf8("of another engine"))));
            model.put(key(2000), Bytes.utf8("of another engine"));
            db.flush();
            db.shutdown();
        }
        // then
        try (HoldfastDb db = Databases.open(database, settings(compression))) {
            assertEquals(model, Databases.rows(db));
            ingest(db, 1500, 2500, "again ");
            assertEquals(500, db.deleteRange(KeyRange.of(key(0), key(500))));
            model.headMap(key(500)).clear();
            assertEquals(model, Databases.rows(db));
        }
        try (SlateDb db = SlateDb.open(database, Map.of())) {
            assertEquals(model, db.scan());
            db.shutdown();
        }
    }

    @Test
    void shouldBeCompactedBySlateDb() throws Exception {
        Path database = Files.createDirectories(folder.resolve("db"));
        try (HoldfastDb db = Databases.open(database, settings(Compression.NONE))) {
            put(db, 0, 10, "before ");
            ingest(db, 0, 5000, "ingested ");
        }
        Map<String, Object> eager =
                Map.of("compactor_options.poll_interval", "50ms", "flush_interval", "10ms");
        try (SlateDb db = SlateDb.openWithDefaults(database, eager)) {
            for (int i = 0; i < 8; i++) {
                db.write(List.of(SlateDb.Row.put(key(i), Bytes.utf8("later " + i))));
                model.put(key(i), Bytes.utf8("later " + i));
                db.flushMemtable();
            }
            assertEquals(model, db.scan());
            db.shutdown();
        }
        try (HoldfastDb db = Databases.open(database, settings(Compression.NONE))) {
            assertEquals(model, Databases.rows(db));
        }
    }
}
