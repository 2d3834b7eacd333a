package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.ChangeStream.Start;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.engine.api.upkeep.KeyUse;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import dev.holdfast.engine.api.upkeep.WalReader;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Encryption with whatever else a database does: merges, range deletes, ingests, checkpoints,
/// clones, unions, and those who read its log.
@Timeout(120)
class EncryptedFeaturesTest {
    private static final String SECRET = "plaintext-of-a-value";
    private static final KeyRing FIRST = KeyRing.of(1, EncryptionTest.key(1));
    private static final KeyRing BOTH = FIRST.with(2, EncryptionTest.key(2)).sealingWith(2);
    private static final KeyRing SECOND = KeyRing.of(2, EncryptionTest.key(2));
    private static final KeyRing WRONG = KeyRing.of(1, EncryptionTest.key(9));
    private static final MergeOperator CONCATENATE =
            MergeOperator.oneByOne((_, existing, operand) ->
                    existing == null ? operand : Bytes.utf8(existing.toUtf8() + operand.toUtf8()));

    private final MemoryStore store = new MemoryStore();
    private final SortedMap<String, String> model = new TreeMap<>();

    private static Settings settings(KeyRing keys) {
        return Settings.defaults()
                .but()
                .untended()
                .flushInterval(Duration.ofMinutes(10))
                .blockSize(ByteSize.bytes(256))
                .filterKeysMin(1)
                .keys(keys)
                .build();
    }

    private EngineBuilder at(String path, KeyRing keys) {
        return Engine.builder(store, path).settings(settings(keys)).mergeOperator(CONCATENATE);
    }

    private static String keyOf(int row) {
        return "key-%04d".formatted(row);
    }

    // Puts, operands, tombstones, ranges that are deleted, and what came past the log; then rows in
    // the log alone.
    private void fill(HoldfastDb db) {
        for (int row = 0; row < 120; row++) put(db, row, "");
        db.flushMemtables();
        for (int row = 100; row < 160; row++) merge(db, row);
        db.deleteRange(KeyRange.of(Bytes.utf8(keyOf(20)), Bytes.utf8(keyOf(40))));
        model.subMap(keyOf(20), keyOf(40)).clear();
        db.flushMemtables();
        try (Db.Ingest ingest = db.ingest(Db.Ingest.Options.defaults())) {
            for (int row = 30; row < 90; row += 3) {
                String value = SECRET + "-ingested-" + row;
                ingest.put(Bytes.utf8(keyOf(row)), Bytes.utf8(value));
                model.put(keyOf(row), value);
            }
            ingest.commit();
        }
        for (int row = 150; row < 170; row++) merge(db, row);
        db.flush();
    }

    private void put(HoldfastDb db, int row, String mark) {
        String value = SECRET + mark + row;
        db.write(
                new WriteBatch().put(Bytes.utf8(keyOf(row)), Bytes.utf8(value)), Durability.MEMORY);
        model.put(keyOf(row), value);
    }

    private void merge(HoldfastDb db, int row) {
        String operand = "+" + SECRET + row;
        db.write(
                new WriteBatch().merge(Bytes.utf8(keyOf(row)), Bytes.utf8(operand)),
                Durability.MEMORY);
        model.merge(keyOf(row), operand, String::concat);
    }

    private static SortedMap<String, String> contents(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        for (String key : List.of(keyOf(0), keyOf(25), keyOf(105), keyOf(169)))
            if (db.get(Bytes.utf8(key)) != null)
                assertEquals(found.get(key), db.get(Bytes.utf8(key)).toUtf8());
        return found;
    }

    private SortedMap<String, String> contents(String path, KeyRing keys) {
        try (var reader = at(path, keys).openReader()) {
            return contents(reader);
        }
    }

    private List<String> placesOf(String text) {
        var places = new ArrayList<String>();
        String last = null;
        while (true) {
            List<ObjectMeta> page = store.list("", last, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta each : page) {
                byte[] body = store.get(each.name()).toArray();
                if (new String(body, StandardCharsets.ISO_8859_1).contains(text))
                    places.add(each.name());
                last = each.name();
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return places;
        }
    }

    private void compact(String path, KeyRing keys) throws InterruptedException {
        var everything = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        Settings how = settings(keys).but().compaction(everything).build();
        try (var compactor = at(path, keys).settings(how).compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(30));
        }
    }

    private static CloneSource part(int from, int to) {
        return CloneSource.of("db").keys(Bytes.utf8(keyOf(from)), Bytes.utf8(keyOf(to)));
    }

    @Test
    void shouldHoldNoValueInClearWhateverIsDone() throws InterruptedException {
        try (HoldfastDb db = at("db", FIRST).open()) {
            fill(db);
            assertEquals(List.of(), placesOf(SECRET));
            assertEquals(model, contents(db));
            at("", FIRST).clones().create("clone", List.of(CloneSource.of("db")));
            at("", FIRST).clones().create("part", List.of(part(50, 155)));
            at("", FIRST)
                    .clones()
                    .create("union", List.of(part(0, 60), part(60, 110), part(110, 999)));
        }
        assertEquals(List.of(), placesOf(SECRET));
        compact("db", FIRST);
        compact("union", FIRST);
        assertEquals(List.of(), placesOf(SECRET));
        at("", FIRST).clones().detach("clone", Duration.ZERO);
        at("", FIRST).clones().detach("part", Duration.ZERO);
        assertEquals(List.of(), placesOf(SECRET));
        assertEquals(model, contents("db", FIRST));
        assertEquals(model, contents("clone", FIRST));
        assertEquals(model, contents("union", FIRST));
        assertEquals(model.subMap(keyOf(50), keyOf(155)), contents("part", FIRST));
        for (String path : List.of("db", "clone", "part", "union"))
            assertTrue(at(path, FIRST).fsck().isSound(), path);
    }

    /// So that the search above is known to find something.
    @Test
    void shouldHoldTheSameInClearWithoutKeys() {
        try (HoldfastDb db = at("db", KeyRing.none()).open()) {
            fill(db);
        }
        assertFalse(placesOf(SECRET + "-ingested-").isEmpty());
        assertFalse(placesOf("+" + SECRET).isEmpty());
    }

    @Test
    void shouldCloneAndUniteUnderItsKeysAlone() throws InterruptedException {
        try (HoldfastDb db = at("db", FIRST).open()) {
            fill(db);
            for (KeyRing other : List.of(KeyRing.none(), SECOND, WRONG))
                assertThrows(
                        Invalid.class,
                        () -> at("", other).clones().create("half", List.of(part(50, 155))));
        }
        // all of it is taken over as it is: who has no key has a clone that says so
        at("", KeyRing.none()).clones().create("blind", List.of(CloneSource.of("db")));
        assertThrows(Invalid.class, () -> contents("blind", KeyRing.none()));
        assertThrows(Invalid.class, () -> contents("blind", WRONG));
        assertEquals(model, contents("blind", FIRST));
        assertThrows(Invalid.class, () -> at("", SECOND).clones().detach("blind", Duration.ZERO));
        assertEquals(model, contents("blind", FIRST));
        // a clone goes on under a key of its own
        try (HoldfastDb child = at("blind", BOTH).open()) {
            put(child, 500, "-child-");
            child.flushMemtables();
        }
        compact("blind", BOTH);
        assertTrue(at("", BOTH).clones().detach("blind", Duration.ZERO).heldBy().size() <= 1);
        assertEquals(model, contents("blind", SECOND));
        model.remove(keyOf(500));
        assertEquals(model, contents("db", FIRST));
        assertEquals(List.of(), placesOf(SECRET));
        at("", KeyRing.none()).clones().drop("db", DropRules.defaults().givingUpDependents());
        assertEquals(List.of(), store.list("db/", null, 10));
    }

    @Test
    void shouldShowCheckpointsThroughARotation() throws InterruptedException {
        StoredCheckpoint made;
        var then = new TreeMap<String, String>();
        try (HoldfastDb db = at("db", FIRST).open()) {
            fill(db);
            then.putAll(model);
            made =
                    at("db", KeyRing.none())
                            .checkpoints()
                            .create(CheckpointOptions.lasting(Duration.ofHours(1)));
        }
        try (HoldfastDb db = at("db", BOTH).open()) {
            for (int row = 0; row < 120; row++) put(db, row, "-rotated-");
            db.flushMemtables();
        }
        compact("db", BOTH);
        Engine.collect(store, "db", new CollectionRules(Duration.ZERO, Sweep.REMOVE));
        assertEquals(then, atCheckpoint(made.id(), BOTH));
        assertThrows(Invalid.class, () -> atCheckpoint(made.id(), SECOND));
        assertEquals(model, contents("db", SECOND));
        // the old key is needed for as long as the checkpoint is there
        assertTrue(at("db", BOTH).keysInUse().stream().anyMatch(use -> isKept(use, 1)));
        assertEquals(List.of(), placesOf(SECRET));
    }

    private static boolean isKept(KeyUse use, int key) {
        return use.keyId() == key && 0 < use.kept() + use.tables();
    }

    private SortedMap<String, String> atCheckpoint(UUID id, KeyRing keys) {
        try (var reader = at("db", keys).openReader(ReaderSettings.atCheckpoint(id))) {
            return contents(reader);
        }
    }

    @Test
    void shouldTellChangesUnderItsKeysAloneAndThroughARotation() throws InterruptedException {
        ChangeStream.Settings named = ChangeStream.Settings.named("copy").from(new Start.Oldest());
        ChangeStream.Position behind;
        var copy = new TreeMap<String, String>();
        try (HoldfastDb db = at("db", FIRST).open()) {
            for (int row = 0; row < 30; row++) put(db, row, "");
            for (int row = 20; row < 40; row++) merge(db, row);
            db.flush();
            try (ChangeStream changes = at("db", FIRST).changes(named)) {
                behind = follow(changes, copy, db.watermarks().applied());
                changes.acknowledge(behind);
            }
            assertEquals(model, copy);
        }
        try (HoldfastDb db = at("db", BOTH).open()) {
            for (int row = 10; row < 50; row++) put(db, row, "-rotated-");
            db.flush();
            db.flushMemtables();
            for (KeyRing other : List.of(KeyRing.none(), WRONG, SECOND.with(3, new byte[32])))
                assertThrows(Invalid.class, () -> followFromOldest(other));
            try (ChangeStream changes =
                    at("db", BOTH).changes(named.from(new Start.Acknowledged()))) {
                follow(changes, copy, db.watermarks().applied());
            }
            assertEquals(model, copy);
        }
        assertEquals(List.of(), placesOf(SECRET));
    }

    private void followFromOldest(KeyRing keys) throws InterruptedException {
        ChangeStream.Settings all = ChangeStream.Settings.unnamed().from(new Start.Oldest());
        try (ChangeStream changes = at("db", keys).changes(all)) {
            follow(changes, new TreeMap<>(), Long.MAX_VALUE);
        }
    }

    private static ChangeStream.Position follow(
            ChangeStream changes, SortedMap<String, String> copy, long to)
            throws InterruptedException {
        ChangeStream.Batch batch;
        do {
            batch = changes.next(Duration.ofSeconds(20));
            assertNotNull(batch);
            for (ChangeStream.Row row : batch.rows()) {
                String key = row.key().toUtf8();
                String value = row.value().toUtf8();
                switch (row.kind()) {
                    case PUT -> copy.put(key, value);
                    case MERGE -> copy.merge(key, value, String::concat);
                    case DELETE -> copy.remove(key);
                }
            }
        } while (batch.seq() < to);
        return batch.next();
    }

    @Test
    void shouldShowTheLogUnderItsKeysAloneAndNameDamage() {
        try (HoldfastDb db = at("db", FIRST).open()) {
            for (int row = 0; row < 10; row++) {
                put(db, row, "");
                db.flush();
            }
            WalReader log = at("db", FIRST).walReader();
            List<WalReader.WalFile> files = log.list(1, 1_000);
            long rows = files.stream().mapToLong(file -> log.rows(file.id()).size()).sum();
            assertEquals(10, rows);
            long last = files.getLast().id();
            assertTrue(log.rows(last).getFirst().value().toUtf8().startsWith(SECRET));
            assertThrows(Invalid.class, () -> at("db", WRONG).walReader().rows(last));
            assertThrows(Invalid.class, () -> at("db", KeyRing.none()).walReader().rows(last));

            // one object in the place of another, and one that was cut
            String one = nameOf(files.get(files.size() - 2));
            String other = nameOf(files.getLast());
            Bytes before = store.get(one);
            store.put(one, List.of(store.get(other)));
            long swapped = files.get(files.size() - 2).id();
            // by itself it is whole: who reads the log in order sees that it is not in its place
            assertThrows(CorruptData.class, () -> followFromOldest(FIRST));
            store.put(one, List.of(before.slice(0, before.length() - 40)));
            assertThrows(CorruptData.class, () -> at("db", FIRST).walReader().rows(swapped));
            assertThrows(CorruptData.class, () -> followFromOldest(FIRST));
            store.put(one, List.of(before));
            assertEquals(1, at("db", FIRST).walReader().rows(swapped).size());
        }
    }

    private String nameOf(WalReader.WalFile file) {
        return "db/wal/%020d.sst".formatted(file.id());
    }
}
