package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CheckpointScope;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whole databases as they were once left behind: each is opened, read and gone on with today.
///
/// With `-Dgolden.write=true` those that are not there are made.
@Timeout(120)
class KeptDatabaseTest {
    private static final int COMPACTED = 60;
    private static final int IN_TABLES = 90;
    private static final int ROWS = 120;
    private static final long FAR = 4_102_444_800_000L; // the year 2100
    private static final UUID CHECKPOINT = UUID.fromString("6f0f2c0e-9f5e-4f0a-8a53-1d2d3c4b5a69");
    private static final MergeOperator JOINED =
            MergeOperator.oneByOne((key, existing, operand) ->
                    Bytes.utf8((existing == null ? "" : existing.toUtf8()) + operand.toUtf8()));

    @TempDir Path scratch;

    /// How a database was kept.
    private enum Form {
        CLEAR,
        SEALED,
        LOCAL;

        Path folder() {
            return OnceWritten.at("databases").resolve(name().toLowerCase(Locale.ROOT));
        }

        Settings settings() {
            return Settings.defaults()
                    .but()
                    .untended()
                    .flushInterval(Duration.ofMinutes(10))
                    .blockSize(ByteSize.bytes(512))
                    .compression(this == CLEAR ? Compression.ZLIB : Compression.NONE)
                    .filterKeysMin(10)
                    .keys(this == SEALED ? keys() : KeyRing.none())
                    .build();
        }

        private static KeyRing keys() {
            byte[] key = new byte[KeyRing.KEY_BYTES];
            Arrays.fill(key, (byte) 5);
            return KeyRing.of(1, key);
        }

        EngineBuilder at(Path root) {
            EngineBuilder builder =
                    Engine.builder(storeAt(root), "db").settings(settings()).mergeOperator(JOINED);
            if (this != LOCAL) return builder;
            LocalSettings local =
                    LocalSettings.in(root.resolve("local"))
                            .withSegmentSize(ByteSize.kibibytes(16))
                            .withCacheSize(ByteSize.bytes(0))
                            .withShipInterval(Duration.ofHours(1));
            return builder.local(local);
        }
    }

    private static ObjectStore storeAt(Path root) {
        return new LocalStore(root.resolve("store"), Env.system());
    }

    // One row of each kind in eight.
    private static void fill(HoldfastDb db, int from, int to, Durability durability) {
        for (int i = from; i < to; i++) {
            var batch = new WriteBatch();
            switch (i % 8) {
                case 3 -> batch.delete(key(i - 2));
                case 5 -> batch.merge(key(i % 16), Bytes.utf8("+" + i));
                case 7 -> batch.put(key(i), value(i), FAR);
                default -> batch.put(key(i), value(i));
            }
            db.write(batch, durability);
        }
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key-%04d".formatted(i));
    }

    private static Bytes value(int i) {
        return Bytes.utf8("value of " + i);
    }

    private static TreeMap<String, String> expected(int rows) {
        var all = new TreeMap<String, String>();
        for (int i = 0; i < rows; i++) {
            switch (i % 8) {
                case 3 -> all.remove(key(i - 2).toUtf8());
                case 5 -> all.merge(key(i % 16).toUtf8(), "+" + i, String::concat);
                default -> all.put(key(i).toUtf8(), value(i).toUtf8());
            }
        }
        return all;
    }

    private static TreeMap<String, String> rowsOf(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return found;
    }

    private static void make(Form form, Path root) throws Exception {
        try (HoldfastDb db = form.at(root).open()) {
            fill(db, 0, COMPACTED, Durability.MEMORY);
            db.flushMemtables();
            compact(form, root);
            db.checkpoint(
                    CheckpointScope.ALL,
                    CheckpointOptions.lasting().named("kept").withId(CHECKPOINT));
            if (form == Form.CLEAR) {
                ChangeStream.Settings consumer =
                        ChangeStream.Settings.named("kept").withLease(Duration.ofDays(20_000));
                Engine.changes(storeAt(root), "db", consumer).close();
            }
            fill(db, COMPACTED, IN_TABLES, Durability.MEMORY);
            db.flushMemtables();
            fill(db, IN_TABLES, ROWS, form == Form.LOCAL ? Durability.LOCAL : Durability.MEMORY);
            if (form != Form.LOCAL) db.flush();
            db.shutdown(Mode.IMMEDIATE, Duration.ofSeconds(2));
        }
    }

    private static void compact(Form form, Path root) throws InterruptedException {
        var everything = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings how = form.settings().but().compaction(everything).build();
        try (StandaloneCompactor compactor =
                Engine.builder(storeAt(root), "db")
                        .settings(how)
                        .mergeOperator(JOINED)
                        .compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(30));
        }
    }

    // A copy: what is kept is never opened where it lies.
    private Path copyOf(Form form) throws Exception {
        if (OnceWritten.isBeingWritten() && !Files.exists(form.folder())) {
            Path made = Files.createTempDirectory("kept");
            make(form, made);
            copy(made, form.folder());
        }
        Path copied = scratch.resolve("copy");
        copy(form.folder(), copied);
        return copied;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) Files.createDirectories(target);
                else Files.copy(each, target);
            }
        }
    }

    private void requireGoesOn(Form form) throws Exception {
        Path root = copyOf(form);
        try (HoldfastDb db = form.at(root).open()) {
            assertEquals(expected(ROWS), rowsOf(db));
            db.put(Bytes.utf8("later"), Bytes.utf8("and on"));
            db.flushMemtables();
        }
        compact(form, root);
        try (DbReader reader = form.at(root).openReader(ReaderSettings.latest())) {
            var grown = expected(ROWS);
            grown.put("later", "and on");
            assertEquals(grown, rowsOf(reader));
        }
        ReaderSettings kept = ReaderSettings.atCheckpoint(CHECKPOINT);
        try (DbReader reader = form.at(root).openReader(kept)) {
            assertEquals(expected(COMPACTED), rowsOf(reader));
        }
        assertTrue(form.at(root).fsck().isSound());
    }

    @Test
    void shouldGoOnWithADatabaseInClear() throws Exception {
        requireGoesOn(Form.CLEAR);
    }

    @Test
    void shouldGoOnWithASealedDatabase() throws Exception {
        requireGoesOn(Form.SEALED);
    }

    @Test
    void shouldFindCommitsThatOnlyTheLocalDiskHas() throws Exception {
        requireGoesOn(Form.LOCAL);
    }

    @Test
    void shouldGoOnWithAConsumerOfChanges() throws Exception {
        Path root = copyOf(Form.CLEAR);
        var consumer =
                ChangeStream.Settings.named("kept").from(new ChangeStream.Start.Acknowledged());
        try (ChangeStream changes = Engine.changes(storeAt(root), "db", consumer)) {
            for (long seq = COMPACTED + 1; seq <= ROWS; seq++) {
                ChangeStream.Batch commit = changes.next(Duration.ofSeconds(20));
                assertNotNull(commit);
                assertEquals(seq, commit.seq());
            }
        }
    }

    @Test
    void shouldCloneWhatWasKept() throws Exception {
        Path root = copyOf(Form.CLEAR);
        ObjectStore store = storeAt(root);
        Engine.clones(store).create("copy", List.of(CloneSource.of("db").at(CHECKPOINT)));
        try (HoldfastDb clone = Engine.builder(store, "copy").mergeOperator(JOINED).open()) {
            assertEquals(expected(COMPACTED), rowsOf(clone));
        }
    }
}
